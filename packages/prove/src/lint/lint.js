import { DEFAULT_BUDGET } from '../compare-sides.js';
import { Unsupported } from '../formula/vocabulary.js';
import { Exhausted } from '../solve/search.js';
import { placesIn } from './places.js';
import { LINT_RULES } from './rules.js';
import { Subject } from './subject.js';
/**
 * Everything that the lint rules find in a set, in the order of flows and rules. An error bars publishing, never loading,
 * testing or comparing. What a rule cannot decide is found as well.
 */
export function lint(set, options = {}) {
    const places = placesIn(options.files ?? []);
    return [...set.flows.values()].flatMap((flow) => {
        const { name } = flow.definition;
        const file = places.file(name);
        const warnings = (options.problems ?? []).filter(({ severity, file: path }) => severity === 'warning' && path === file?.path);
        const lacks = options.lacks ?? new Set();
        const budget = { left: options.budget ?? DEFAULT_BUDGET };
        const subject = new Subject({ flow, set, lacks, file, warnings }, budget);
        return LINT_RULES.flatMap((rule) => foundBy(rule, subject).map((found) => findingOf(rule, name, found, places)));
    });
}
/** What cannot be decided counts as found: a rule that gave up has ruled out nothing. */
function foundBy(rule, subject) {
    try {
        return rule.check(subject);
    }
    catch (error) {
        if (!(error instanceof Unsupported) && !(error instanceof Exhausted))
            throw error;
        const message = `could not be decided, and may be so (${rule.title}): ${error.message}`;
        return [{ rule: 'flow', message, help: 'simplify the conditions of the flow' }];
    }
}
function findingOf(rule, flow, found, places) {
    return {
        id: rule.id,
        severity: found.severity ?? rule.severity,
        flow,
        rule: found.rule,
        place: found.place ?? places.of(flow, found.at ?? pathOf(found.rule)),
        message: found.message,
        help: found.help ?? rule.help,
        example: found.example ?? null,
    };
}
/** Where a rule stands by its name: a claim is matched below its proof. */
function pathOf(rule) {
    return rule.replace(/^(proof\.[a-z0-9_]+)\.(.+)$/, '$1.match.$2');
}
//# sourceMappingURL=lint.js.map