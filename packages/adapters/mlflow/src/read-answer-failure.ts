import type { IncomingMessage } from 'node:http';
import { MlflowAnswerError } from './mlflow-answer-error.ts';

const longestReadBytes = 16_384;

/**
 * Reads as much of a refusal as is worth reading, and makes an error of it. A server that failed closes its connection
 * without saying so before: leaving its answer half way keeps the connection from being used again.
 */
export async function readAnswerFailure(answer: IncomingMessage): Promise<MlflowAnswerError> {
  const pieces: Buffer[] = [];
  const hasFailed = (answer.statusCode ?? 0) >= 500;
  let sizeBytes = 0;
  try {
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      pieces.push(chunk);
      sizeBytes += chunk.byteLength;
      if (hasFailed || sizeBytes > longestReadBytes) break;
    }
  } catch {
    answer.destroy();
  }
  const text = Buffer.concat(pieces).toString('utf8', 0, longestReadBytes);
  return new MlflowAnswerError(answer.statusCode ?? 0, answer.headers, text);
}
