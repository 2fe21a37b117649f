import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadForPlan, formatProblem } from '@writ/flow';
import { lint } from '/work/main/packages/prove/src/lint/lint.ts';
const dir = process.argv[2] ?? '/work/main/examples/acme';
const files = globSync('**/*.yaml',{cwd:dir}).filter(p=>p!=='writ.yaml'&&!p.endsWith('.test.yaml')).toSorted().map(path=>({path,text:readFileSync(join(dir,path),'utf8')}));
const t0=performance.now();
const loaded = loadForPlan(files,(d)=>createHash('sha256').update(d).digest());
if(!loaded.set){console.log(loaded.problems.map(formatProblem));process.exit()}
const t1=performance.now();
const f = lint(loaded.set,{files,problems:loaded.problems});
for(const x of f) console.log(x.place&&`${x.place.file}:${x.place.line}:${x.place.column}`,x.severity,x.id,x.flow,x.rule,x.message,'|',x.help, process.env.V? JSON.stringify(x.example):'');
console.log(f.length,'load',t1-t0,'lint',performance.now()-t1);
