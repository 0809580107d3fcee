import type { FolderProbe } from '../catalog/format-handler.ts';
import { FormatError } from '../format-error.ts';
import { readJsonFile } from '../json/read-json-file.ts';

const indexName = /\.(?:safetensors|bin|h5|msgpack)\.index(?:\.[^/.]+)?\.json$/;
const shardName = /^(.*)-(\d{5})-of-(\d{5})(|\.[^/]+)$/;
const mostShards = 10_000;

/** Warns of shards that an index, or the names of the others, promise and the folder does not hold. */
export async function warnOfMissingShards(probe: FolderProbe): Promise<void> {
  const missing = new Map<string, string>();
  const series = new Map<string, RegExpExecArray>();
  for (const { path } of probe.entries) {
    const shard = shardName.exec(path);
    if (shard !== null) series.set(`${shard[1]}-of-${shard[3]}${shard[4]}`, shard);
    if (!indexName.test(path)) continue;
    for (const named of await filesOfIndex(probe, path)) if (!probe.has(named)) missing.set(named, path);
  }
  for (const shard of series.values())
    for (const due of shardsOf(probe, shard))
      if (!probe.has(due) && !missing.has(due)) missing.set(due, `the name ${shard[0]}`);
  for (const [path, source] of missing)
    probe.warn({ code: 'file-missing', message: `${path} is missing: ${source} promises it.` });
}

async function filesOfIndex(probe: FolderProbe, path: string): Promise<ReadonlySet<string>> {
  try {
    const weights = (await readJsonFile(probe, path, 'huggingface'))?.get('weight_map');
    const folder = path.slice(0, path.lastIndexOf('/') + 1);
    const names =
      weights instanceof Map ? [...weights.values()].filter((name) => typeof name === 'string') : [];
    return new Set(names.map((name) => `${folder}${name}`));
  } catch (error) {
    if (!FormatError.isInstance(error)) throw error;
    probe.warn({
      code: 'file-damaged',
      message: `${path} is damaged: ${error.reason} at byte ${error.offset}.`,
    });
    return new Set();
  }
}

/** All shards of a series; most count from 1, and checkpoints of TensorFlow from 0. */
function shardsOf(
  probe: FolderProbe,
  [, stem = '', number = '', total = '', extension = '']: RegExpExecArray,
): string[] {
  const nameOf = (index: number): string =>
    `${stem}-${String(index).padStart(number.length, '0')}-of-${total}${extension}`;
  const count = Math.min(Number(total), mostShards);
  const first = probe.has(nameOf(0)) ? 0 : 1;
  return Array.from({ length: count }, (_, index) => nameOf(index + first));
}
