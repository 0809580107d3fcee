import type { AdoptedVersion } from '@holdfast/registry';
import type { CommandHandler } from '../../command/command-declaration.ts';
import { ExitCode } from '../../failure/exit-code.ts';
import { confirmTakeOver } from '../restore/confirm-take-over.ts';
import { printAdopted } from './print-adopted.ts';

/** Takes stores over, with the versions in them; exit code 6 when the bytes of one are gone. */
export const runRegistryAdopt: CommandHandler = async (invocation, context) => {
  const stores = [...new Set(invocation.argumentList(0))];
  const service = await (await context.openApp({ create: true })).adoption();
  const adopt = (mayTakeOver: boolean): Promise<AdoptedVersion[]> =>
    Array.fromAsync(service.adopt(stores, { mayTakeOver, signal: context.signal }));
  const adopted = await confirmTakeOver(adopt, { invocation, context });
  printAdopted(adopted, context.output);
  const count = adopted.filter(({ as }) => as !== undefined).length;
  const versions = count === 1 ? '1 version was' : `${count} versions were`;
  context.output.say(`${context.output.messageStyle.good('✓')} ${versions} adopted.`);
  return adopted.some(({ outcome }) => outcome === 'lost') ? ExitCode.Damaged : ExitCode.Done;
};
