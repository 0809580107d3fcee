import { execFileSync } from 'node:child_process';

const program = `
import base64, json, sys, warnings
import numpy as np, scipy.signal, scipy.stats
warnings.simplefilter('ignore')
def array(text): return np.frombuffer(base64.b64decode(text), dtype='<f8')
def text(values): return base64.b64encode(np.asarray(values, dtype='<f8').tobytes()).decode()
answers = []
for question in json.load(sys.stdin):
    x, y = array(question['left']), array(question['right'])
    options = dict(fs=question['rate'], nperseg=question['length'], noverlap=question['overlap'])
    f, density = scipy.signal.welch(x, **options)
    _, like = scipy.signal.coherence(x, y, **options)
    std, square = np.std(x), np.sqrt(np.mean(x * x))
    statistics = [np.mean(x), std, square, np.min(x), np.max(x), scipy.stats.kurtosis(x, fisher=False)]
    answers.append(dict(frequencies=text(f), density=text(density), coherence=text(like), statistics=text(statistics),
        percentiles=text(np.percentile(x, question['shares'])),
        correlation=text([scipy.stats.pearsonr(x, y).statistic if len(x) > 1 else np.nan])))
json.dump(answers, sys.stdout)
`;

/** Two signals, and how their spectra are made. */
export interface SpectrumQuestion {
  readonly left: Float64Array;
  readonly right: Float64Array;
  readonly rate: number;
  readonly length: number;
  readonly overlap: number;
  readonly shares: readonly number[];
}

const parts = ['frequencies', 'density', 'coherence', 'statistics', 'percentiles', 'correlation'] as const;

/** What scipy and numpy make of the two. */
export type SpectrumAnswer = Readonly<Record<(typeof parts)[number], Float64Array>>;

/** Asks scipy all questions in one process. */
export function askScipy(python: string, questions: readonly SpectrumQuestion[]): readonly SpectrumAnswer[] {
  const input = JSON.stringify(
    questions.map((question) => ({
      ...question,
      left: textOf(question.left),
      right: textOf(question.right),
    })),
  );
  const output = execFileSync(python, ['-I', '-c', program], { input, maxBuffer: 2 ** 30 }).toString();
  const answers = JSON.parse(output) as readonly Readonly<Record<(typeof parts)[number], string>>[];
  return answers.map(
    (answer) => Object.fromEntries(parts.map((part) => [part, arrayOf(answer[part])])) as SpectrumAnswer,
  );
}

function textOf({ buffer, byteOffset, byteLength }: Float64Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('base64');
}

function arrayOf(text: string): Float64Array {
  const bytes = Uint8Array.from(Buffer.from(text, 'base64'));
  return new Float64Array(bytes.buffer);
}
