import { readFileSync } from 'node:fs';
import type { ArtefactSet, CompiledFlow, ProofDefinition } from '@writ/flow';
import { narrowed, proofYaml, type Reach, tell, usedClaims, whoCan } from '@writ/prove';
import type { Command } from 'commander';
import { CommandFailure } from '../exit-code.ts';
import { formatOf, type OutputOptions, out, printRows, say } from '../output/print.ts';
import { gather } from './flow-files.ts';
import { withOutput } from './operator.ts';
import { budgetOf } from './plan.ts';

interface WhoOptions extends OutputOptions {
  readonly dir?: string;
  readonly proof?: string;
  readonly used?: string;
  readonly budget?: string;
}

const WORDS: Readonly<Record<Reach, string>> = {
  no: 'no',
  refused: 'proves it, and is refused later',
  asked: 'YES, when people approve',
  issued: 'YES',
  unknown: 'not decided: take it for yes',
};

/** `flow who`: who can satisfy the proofs of a flow, and the narrowest proof that admits what was really used. */
export function whoCommand(flow: Command): void {
  withOutput(
    flow.command('who <name>').description('who can satisfy the proof of a flow, and how to narrow it'),
  )
    .option('--dir <directory>', 'the directory that holds it')
    .option('--proof <id>', 'one proof of it')
    .option('--used <file>', 'claims of tokens that were really used, a JSON object a line; `-` is stdin')
    .option('--budget <nodes>', 'case splits to make before an answer is given up')
    .addHelpText(
      'after',
      '\nWith --used, prints the narrowest proof that still admits all of them, to be pasted into the flow.\n\nExample:\n  writ flow who ci-deploy-token\n  writ flow who ci-deploy-token --used claims.jsonl',
    )
    .action(async (name: string, options: WhoOptions) => {
      const { set } = await gather(options.dir === undefined ? [] : [options.dir]);
      const found = set.flows.get(name);
      if (found === undefined)
        throw new CommandFailure(
          'not-found',
          `there is no flow \`${name}\`; there are ${[...set.flows.keys()].join(', ')}`,
        );
      const proofs = proofsOf(found, options.proof);
      if (options.used === undefined) answer(set, found, proofs, options);
      else narrow(set, found, proofs, options.used, options);
    });
}

function proofsOf({ definition }: CompiledFlow, id: string | undefined): readonly ProofDefinition[] {
  const { proofs } = definition.proof;
  const chosen = id === undefined ? proofs : proofs.filter((proof) => proof.id === id);
  if (chosen.length > 0) return chosen;
  throw new CommandFailure(
    'not-found',
    `there is no proof \`${id ?? ''}\`; there are ${proofs.map((each) => each.id).join(', ')}`,
  );
}

function answer(
  set: ArtefactSet,
  flow: CompiledFlow,
  proofs: readonly ProofDefinition[],
  options: WhoOptions,
): void {
  const answers = whoCan(set, flow, proofs, budgetOf(options));
  const format = formatOf(options);
  if (format === 'json') out(JSON.stringify(answers, null, 2));
  else if (format === 'ndjson') for (const each of answers) out(JSON.stringify(each));
  else
    printRows(
      answers.map(({ proof, question, asks, reach }) => ({
        proof,
        question,
        who: asks,
        answer: WORDS[reach],
      })),
      format === 'name' ? ['question'] : ['proof', 'who', 'answer'],
      format,
    );
}

function narrow(
  set: ArtefactSet,
  flow: CompiledFlow,
  proofs: readonly ProofDefinition[],
  file: string,
  options: WhoOptions,
): void {
  const [proof, other] = proofs;
  if (proof === undefined || other !== undefined)
    throw new CommandFailure('usage', 'say with `--proof` which proof the claims were used for');
  const schema = set.anchors.get(proof.anchor)?.claims ?? {};
  const tokens = tokensIn(file);
  const { match, varied, strangers, verdict } = narrowed(
    set,
    flow,
    proof,
    tokens.map((token) => usedClaims(schema, token)),
  );
  const [stranger] = strangers;
  if (stranger !== undefined)
    throw new CommandFailure(
      'failure',
      `line ${stranger.at + 1}: the proof as it is does not admit it, by \`${stranger.claim}\``,
    );
  if (verdict === null || (verdict.verdict !== 'same' && verdict.verdict !== 'narrower'))
    throw new CommandFailure(
      'failure',
      `it could not be proved to be narrower: ${verdict?.because ?? 'it is not'}`,
    );
  const yaml = proofYaml(proof, match);
  if (formatOf(options) === 'table') out(yaml);
  else {
    const witness = verdict.narrower === null ? null : tell(verdict.narrower, 'narrower');
    out(
      JSON.stringify(
        { proof: proof.id, uses: tokens.length, verdict: verdict.verdict, yaml, varied, refused: witness },
        null,
        2,
      ),
    );
  }
  say(`${verdict.verdict}, as proved; ${tokens.length} tokens that were used are admitted`);
  if (varied.length > 0) say(`too many values to name: ${varied.join(', ')}`);
}

/** A JSON object a line: the claims themselves, or below `claims`. */
function tokensIn(file: string): readonly Readonly<Record<string, unknown>>[] {
  const lines = readFileSync(file === '-' ? 0 : file, 'utf8').split('\n');
  const tokens = lines.flatMap((line, i) => (line.trim() === '' ? [] : [tokenIn(line, i + 1)]));
  if (tokens.length === 0) throw new CommandFailure('usage', `\`${file}\` holds no claims`);
  return tokens;
}

function tokenIn(line: string, number: number): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    value = null;
  }
  const inner: unknown = isRecord(value) && isRecord(value['claims']) ? value['claims'] : value;
  if (isRecord(inner)) return inner;
  throw new CommandFailure('usage', `line ${number} is no JSON object of claims`);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
