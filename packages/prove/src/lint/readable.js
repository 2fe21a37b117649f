import { attributesOf } from '../domain/domains.js';
import { atomsOf } from '../formula/formula.js';
import * as names from '../model/names.js';
import { IDENTITY_TYPES, KIND_TYPES, leavesOf } from '../model/paths.js';
/** What a flow's conditions can read besides the request itself. */
export function readablesOf(inquiry) {
    const { side, vocabulary, scope } = inquiry;
    const read = (path, name, type) => {
        if (!vocabulary.has(name))
            return [];
        const oneOf = type?.type === 'string' ? (type.oneOf ?? null) : null;
        return [{ path: path.join('.'), name, attribute: vocabulary.get(name), oneOf }];
    };
    const facts = Object.entries(side.flow.definition.facts).flatMap(([id, { source, type }]) => leavesOf(type).flatMap((leaf) => read(['facts', id, ...leaf.path], names.sourceLeaf(source, leaf.path, leaf.type.type), leaf.type)));
    const evidence = scope.proofs.flatMap((proof) => Object.entries(side.around.anchors.get(proof.anchor)?.claims ?? {}).flatMap(([claim, { type }]) => leavesOf(type).flatMap((leaf) => {
        const path = [claim, ...leaf.path];
        const name = names.claimAttribute(names.slotOf(proof), path.join('.'));
        return read(['evidence', proof.id, ...path], name, leaf.type);
    })));
    const identity = [...Object.keys(IDENTITY_TYPES), ...Object.keys(KIND_TYPES)].flatMap((name) => read(['identity', name], names.identityAttribute(name), null));
    return [...facts, ...evidence, ...identity];
}
/** Whether a statement says anything of an attribute. */
export function speaksOf(formula, name) {
    return atomsOf([formula]).some((each) => attributesOf(each).includes(name));
}
//# sourceMappingURL=readable.js.map