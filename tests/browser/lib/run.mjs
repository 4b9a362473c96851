// run.mjs - runs the test files that are named, or all, in one process: they
// share one browser, and one server for each store.
import { readdirSync } from 'node:fs';
import { after } from 'node:test';
import { closeAll } from './machine.mjs';

const folder = new URL('../', import.meta.url);
const suffix = '.test.mjs';
const all = readdirSync(folder).filter((name) => name.endsWith(suffix)).sort();
const named = process.argv.slice(2).map((name) => name + suffix);
const unknown = named.filter((name) => !all.includes(name));

if (unknown.length > 0) {
    console.error(`there is no ${unknown.join(', ')} in tests/browser`);
    process.exit(2);
}
after(closeAll);
for (const name of named.length > 0 ? named : all) {
    await import(new URL(name, folder));
}
