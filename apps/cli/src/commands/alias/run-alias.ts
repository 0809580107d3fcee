import { parseAliasName, parseModelName, parseVersionNumber } from '@holdfast/domain';
import type { ModelManagementService } from '@holdfast/registry';
import type { CommandContext } from '../../command/command-context.ts';
import type { CommandHandler } from '../../command/command-declaration.ts';
import type { Invocation } from '../../command/invocation.ts';
import { parseCount } from '../../command/parse-count.ts';
import { CommandError } from '../../failure/command-error.ts';
import { plainText } from '../../output/plain-text.ts';
import { printTime } from '../../output/print-time.ts';
import { printTable } from '../../output/table.ts';

interface AliasRequest {
  readonly name: string;
  readonly alias: string;
  readonly expected: number | undefined;
}

/** Moves or removes an alias, or tells its history. */
export const runAlias: CommandHandler = async (invocation, context) => {
  const version = invocation.optionalArgument(2);
  const isMove = !invocation.isSet('remove') && !invocation.isSet('history');
  if (isMove === (version === undefined)) throw unclear(isMove);
  const request = readRequest(invocation);
  if (invocation.isSet('history')) return tellHistory(request, context);
  if (version === undefined) return remove(request, context);
  return move({ ...request, to: parseVersionNumber(version) }, context);
};

function readRequest(invocation: Invocation): AliasRequest {
  const expect = invocation.text('expect');
  return {
    name: parseModelName(invocation.argument(0)),
    alias: parseAliasName(invocation.argument(1)),
    expected: expect === undefined ? undefined : parseCount(expect, { what: '--expect', least: 0 }),
  };
}

async function move(request: AliasRequest & { readonly to: number }, context: CommandContext): Promise<void> {
  const { name, alias, to } = request;
  const { output } = context;
  const models = await openModels(context);
  const moved = await models.moveAlias(name, alias, { ...expectation(request), to });
  for (const warning of moved.warnings) output.warn(warning);
  const from = moved.from ?? null;
  output.answer({ name, alias, number: to, from, warnings: moved.warnings }, () => `${name}@${alias}`);
  const before = from === null ? '' : ` (before: version ${from})`;
  output.say(`${output.messageStyle.good('✓')} ${alias} points to ${name}:${to}${before}.`);
}

async function remove(request: AliasRequest, context: CommandContext): Promise<void> {
  const { name, alias } = request;
  const { output } = context;
  const models = await openModels(context);
  if (!(await models.removeAlias(name, alias, expectation(request)))) throw absent(request);
  output.answer({ name, alias, number: null }, () => `${name}@${alias}`);
  output.say(`${output.messageStyle.good('✓')} ${name} has no alias ${alias} any more.`);
}

async function tellHistory(request: AliasRequest, context: CommandContext): Promise<void> {
  const { name, alias } = request;
  const { output } = context;
  const moves = await (await openModels(context)).aliasHistory(name, alias);
  if (moves.length === 0) throw absent(request);
  const document = {
    name,
    alias,
    moves: moves.map(({ from, to, at, by }) => ({ from: from ?? null, to: to ?? null, at, by: by ?? null })),
  };
  output.answer(document, () =>
    printTable(
      [
        { heading: 'WHEN' },
        { heading: 'FROM', alignment: 'right' },
        { heading: 'TO', alignment: 'right' },
        { heading: 'BY' },
      ],
      moves.map(({ from, to, at, by }) => [
        printTime(at),
        String(from ?? '-'),
        String(to ?? 'removed'),
        plainText(by ?? '-'),
      ]),
      { paintHeading: output.style.dim },
    ),
  );
}

async function openModels(context: CommandContext): Promise<ModelManagementService> {
  return (await context.openApp()).models();
}

function expectation({ expected }: AliasRequest): { readonly expected?: number } {
  return expected === undefined ? {} : { expected };
}

function unclear(isMove: boolean): CommandError {
  return new CommandError({
    code: 'wrong-use',
    message: isMove ? 'The version is missing.' : 'A version makes no sense beside --remove or --history.',
    hint: isMove
      ? 'Name it: holdfast alias NAME ALIAS VERSION, or use --remove or --history.'
      : 'Leave it out.',
  });
}

function absent({ name, alias }: AliasRequest): CommandError {
  return new CommandError({
    code: 'not-found',
    message: `${name} has no alias ${alias}.`,
    hint: `See which there are: holdfast ls ${name}`,
  });
}
