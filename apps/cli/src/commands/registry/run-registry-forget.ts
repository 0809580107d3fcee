import type { CommandHandler } from '../../command/command-declaration.ts';
import { confirm } from '../../command/confirm.ts';
import { printAdopted } from './print-adopted.ts';

/** Gives versions up that the registry does not know, after the user said yes. */
export const runRegistryForget: CommandHandler = async (invocation, context) => {
  const { output, signal } = context;
  const stores = [...new Set(invocation.argumentList(0))];
  const service = await (await context.openApp()).adoption();
  const unknown = (await Promise.all(stores.map((store) => service.findUnknown(store, { signal })))).flat();
  if (unknown.length > 0 && !invocation.isSet('yes')) {
    const names = unknown.map(({ name, number }) => `${name}:${number}`).join(', ');
    await confirm(`Give up ${names}?`, context, {
      message: `This gives up ${names}, and must be confirmed.`,
      hint: 'Add --yes.',
    });
  }
  const forgotten = await Array.fromAsync(service.forget(stores, { signal }));
  printAdopted(forgotten, output);
  const versions = forgotten.length === 1 ? '1 version was' : `${forgotten.length} versions were`;
  output.say(`${output.messageStyle.good('✓')} ${versions} forgotten. Free the bytes: holdfast gc`);
};
