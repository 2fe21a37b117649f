import { atom, not } from '../formula/formula.js';
/** The same statement of a request that has another value in place of an attribute. */
export function renamed(formula, from, to) {
    return new Renaming(from, to).of(formula);
}
class Renaming {
    #from;
    #to;
    #memo = new Map();
    constructor(from, to) {
        this.#from = from;
        this.#to = to;
    }
    /** What does not speak of the attribute is returned as it is. */
    of(formula) {
        const known = this.#memo.get(formula);
        if (known !== undefined)
            return known;
        const made = this.#make(formula);
        this.#memo.set(formula, made);
        return made;
    }
    #make(formula) {
        switch (formula.op) {
            case 'true':
            case 'false':
                return formula;
            case 'not': {
                const arg = this.of(formula.arg);
                return arg === formula.arg ? formula : not(arg);
            }
            case 'atom': {
                const made = this.#atom(formula.atom);
                return made === formula.atom ? formula : atom(made);
            }
            case 'and':
            case 'or': {
                const args = formula.args.map((arg) => this.of(arg));
                return args.every((arg, i) => arg === formula.args[i]) ? formula : { op: formula.op, args };
            }
        }
    }
    #atom(each) {
        const name = (of) => (of === this.#from ? this.#to : of);
        const member = (of) => ('of' in of ? { of: name(of.of) } : of);
        switch (each.test) {
            case 'same':
            case 'below':
            case 'subset':
            case 'overlap': {
                if (each.left !== this.#from && each.right !== this.#from)
                    return each;
                return { ...each, left: name(each.left), right: name(each.right) };
            }
            case 'contains': {
                const speaks = each.set === this.#from || ('of' in each.member && each.member.of === this.#from);
                return speaks ? { ...each, set: name(each.set), member: member(each.member) } : each;
            }
            case 'within': {
                const speaks = each.set === this.#from || each.members.some((of) => 'of' in of && of.of === this.#from);
                return speaks ? { ...each, set: name(each.set), members: each.members.map(member) } : each;
            }
            default:
                return each.of === this.#from ? { ...each, of: this.#to } : each;
        }
    }
}
//# sourceMappingURL=rename.js.map