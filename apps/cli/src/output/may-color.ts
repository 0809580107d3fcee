/**
 * Whether output to a stream may have colours: on a terminal, unless the user said no by `--no-color`,
 * `NO_COLOR` (https://no-color.org) or a terminal that cannot (`TERM=dumb`). `FORCE_COLOR` asks for them anyway.
 */
export function mayColor(
  stream: { readonly isTTY?: boolean | undefined },
  options: {
    readonly environment: Readonly<Record<string, string | undefined>>;
    readonly isRefused: boolean;
  },
): boolean {
  const { NO_COLOR: refusal = '', FORCE_COLOR: demand = '', TERM: terminal } = options.environment;
  if (options.isRefused || refusal !== '') return false;
  if (demand !== '') return demand !== '0' && demand !== 'false';
  return stream.isTTY === true && terminal !== 'dumb';
}
