import { exampleOf } from '../example.js';
import { issued, unasked } from '../statements.js';
export const unattended = {
    id: 'W001',
    severity: 'error',
    title: 'a credential of tier 0 or 1 that nobody need approve',
    by: 'prover',
    why: `Some request of tier 0 or 1 is issued without any approval. That can be right: then \`unattended\` says why, for the reviewer
and for the inventory of unattended paths, and the proof is at least signed (\`min-assurance: 2\`). A step-up of the person behind a
proof is an approval here; a confirmation at activation is not.`,
    help: 'demand an approval, or say in `unattended` why none is needed, with `min-assurance: 2` or more',
    good: [
        `tier: 1
unattended: it runs at night; the proof is a protected environment and the token is bound to the job's key`,
    ],
    bad: ['tier: 1'],
    check: ({ definition, inquiry }) => {
        const { tier, proof } = definition;
        const said = definition.unattended !== null;
        if (tier > 1 || (said && proof.minAssurance >= 2))
            return [];
        const statements = [...issued(inquiry), ...unasked(inquiry)];
        const example = exampleOf(inquiry, inquiry.plain, { statements, demands: inquiry.model.demands });
        if (example === null)
            return [];
        const message = said
            ? `of tier ${tier} and unattended, on evidence of assurance ${proof.minAssurance}`
            : `of tier ${tier}, and issued without anybody's approval`;
        return [{ rule: 'approval', at: said ? 'proof.min-assurance' : 'approval', message, example }];
    },
};
//# sourceMappingURL=w001-unattended.js.map