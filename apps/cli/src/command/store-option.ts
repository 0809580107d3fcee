import type { OptionDeclaration } from './command-declaration.ts';
import type { Invocation } from './invocation.ts';

/** The option that names a store, spelled `--store` and `--backend` in every command that has it. */
export function storeOptions(description: string): readonly OptionDeclaration[] {
  return [
    { flags: '--store <name>', description, conflicts: ['backend'], completion: 'store' },
    { flags: '--backend <name>', description: 'the same as --store', completion: 'store' },
  ];
}

/** The store that the user named, by either spelling. */
export function storeOf(invocation: Invocation): string | undefined {
  return invocation.text('store') ?? invocation.text('backend');
}
