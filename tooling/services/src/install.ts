import { azurite } from './azurite.ts';
import { bindfsTool } from './bindfs.ts';
import { fakeGcsServer } from './fake-gcs-server.ts';
import { mlflow } from './mlflow.ts';
import { moto } from './moto.ts';
import { octaveTool } from './octave.ts';
import { postgres } from './postgres.ts';
import { pythonOracleTool } from './python-oracle.ts';
import { redis } from './redis.ts';
import { straceTool } from './strace.ts';
import { versitygw } from './versitygw.ts';

const installable = [
  bindfsTool,
  octaveTool,
  pythonOracleTool,
  straceTool,
  versitygw,
  moto,
  azurite,
  fakeGcsServer,
  redis,
  mlflow,
  postgres,
];

for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const) {
  process.once(signal, () => process.exit(code));
}

const outcomes = await Promise.all(
  installable.map(async ({ name, install }) => {
    const startedMs = Date.now();
    try {
      const result = await install();
      console.log(`  ${name}: ${result} (${((Date.now() - startedMs) / 1000).toFixed(1)} s)`);
      return true;
    } catch (error) {
      console.log(`!!! ${name} could not be installed; its tests are skipped.\n${String(error)}`);
      return false;
    }
  }),
);

if (process.env['CI'] === 'true' && outcomes.includes(false)) process.exitCode = 1;
