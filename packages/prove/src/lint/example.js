import { Unsupported } from '../formula/vocabulary.js';
import { tellOutcome, tellSituation } from '../plan/tell.js';
import { replay } from '../witness/replay.js';
/**
 * A request of which the statements hold, as the real decision decided it, or null where there is none.
 * @throws Unsupported where the real decision does not show what the statements say: that is a fault of ours, and no answer
 * @throws Exhausted
 */
export function exampleOf({ side }, questions, { statements, demands, unmet, shows = ({ active }) => active }) {
    const situation = questions.situation(statements, demands, unmet ?? null);
    if (situation === null)
        return null;
    const replayed = replay(side, situation);
    if (!shows(replayed))
        throw new Unsupported('the request that shows it could not be replayed');
    return { ...tellSituation(situation), decides: tellOutcome(replayed, 'lifecycle') };
}
//# sourceMappingURL=example.js.map