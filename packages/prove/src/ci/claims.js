import { and, atom, atomsOf, not, oneOf, or } from '../formula/formula.js';
/** Every formula of a model. */
export function formulasOf({ rules, demands }) {
    return [
        ...rules.flatMap(({ formula, alternatives = [] }) => [
            formula,
            ...alternatives.map((each) => each.formula),
        ]),
        ...demands.flatMap(({ when, possible }) => [when, possible]),
    ];
}
/** The claim is none of the texts that the flow names, and not that of an attribute of the identity it is held against. */
export function unfixed(model, claim) {
    const atoms = atomsOf(formulasOf(model));
    const literals = atoms.flatMap((each) => (each.test === 'is' && each.of === claim ? [each.value] : []));
    const own = atoms.filter((each) => each.test === 'same' &&
        ((each.left === claim && each.right.startsWith('identity.')) ||
            (each.right === claim && each.left.startsWith('identity.'))));
    return and(not(oneOf(claim, literals)), ...own.map((each) => not(atom(each))));
}
/** The claim is absent, or one of these texts. */
export function absentOrAny(claim, texts) {
    return or(not(atom({ test: 'present', of: claim })), oneOf(claim, texts));
}
/**
 * Texts that stand for "any": each of `plain`, and for each pattern that the claim is held against what it leaves open filled
 * in with them. A workflow is named with its ref behind an `@`: whoever chooses the ref chooses the workflow.
 */
export function anyOf(model, claim, plain) {
    const patterns = atomsOf(formulasOf(model)).flatMap((each) => {
        if (each.test === 'match' && each.of === claim)
            return [each.pattern.split('*')];
        return each.test === 'like' && each.of === claim ? [piecesOf(each.pattern)] : [];
    });
    return [...plain, ...patterns.flatMap((pieces) => filled(pieces, plain))];
}
/** What stands between the wildcards of a pattern of `like`. */
function piecesOf(pattern) {
    const pieces = [''];
    for (const part of pattern) {
        if (part === null)
            pieces.push('');
        else
            pieces[pieces.length - 1] += part;
    }
    return pieces;
}
function filled(pieces, refs) {
    const text = pieces.join('any');
    const [workflow = '', ref] = text.split('@');
    if (ref === undefined)
        return [];
    return refs.flatMap((each) => (each.startsWith('refs/') ? [`${workflow}@${each}`] : []));
}
//# sourceMappingURL=claims.js.map