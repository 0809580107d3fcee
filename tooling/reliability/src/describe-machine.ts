import { cpus, release, totalmem, type } from 'node:os';

/** The machine, as far as it matters for what was tried. */
export function describeMachine(): string {
  const [processor] = cpus();
  const memory = `${Math.round(totalmem() / 1024 ** 3)} GiB`;
  return `${cpus().length} × ${processor?.model.trim() ?? 'an unknown processor'}, ${memory}, ${type()} ${release()}, Node.js ${process.versions.node}`;
}
