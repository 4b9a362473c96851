// machine.mjs - what the tests run on: the browser, stores, servers over them.
// Everything is started when it is first asked for and ended by closeAll().
import { execFile, spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const run = promisify(execFile);

export const top = process.env.TOP;
export const programs = process.env.B;
export const real = process.env.REAL || null; // published releases, or null
// Packages lie in build/, as all that is not a source.
const require = createRequire(join(top, 'build/browser/'));
export const { chromium } = require('playwright-core');
export const axeSource = require('axe-core').source;

const work = mkdtempSync(join(tmpdir(), 'coderef-browser.'));
const servers = new Set();
let browser = null;

// --- stores

const made = new Map();

// Builds a store of files or, without any, of the starter set. Returns its
// folder.
export async function buildStore(name, ...files) {
    const store = join(work, name);

    await run(join(programs, 'coderef-index'),
        ['build', '--store', store, '--allow-partial', ...files]);
    return store;
}

const builders = {
    starter: () => buildStore('starter'),
    // Codes, texts and a file name that somebody wrote to do harm.
    hostile: () => {
        const file = join(scratch('files'), '<img src=x onerror=alert(9)>.tsv');

        copyFileSync(
            join(top, 'tests/fixtures/page/hostile_local_codes.tsv'), file);
        return buildStore('hostile', file, join(top,
            'tests/fixtures/hcpcs/HCPC2024_JUL_ANWEB_06282024.txt'));
    },
    // Two coverage articles, of contractors of two states.
    coverage: () => buildStore('coverage', join(top, 'tests/fixtures/coverage'),
        join(top, 'tests/fixtures/hcpcs/HCPC2024_JUL_ANWEB_06282024.txt')),
    // All published releases: the store of tests/real, made once for both.
    real: async () => {
        const { stdout } = await run('sh', ['tests/real/lib/store.sh'],
            { cwd: top, maxBuffer: 1 << 24 });
        return stdout.trim();
    },
};

// The folder of a store by its name.
export function storeOf(name) {
    if (!made.has(name)) {
        made.set(name, builders[name]());
    }
    return made.get(name);
}

// --- servers

// Starts a server over a folder of builds; resolves when it listens. Its
// `origin` is "http://127.0.0.1:12345"; stop() resolves when it has ended.
export async function startServer(store, ...options) {
    const child = spawn(join(programs, 'coderef-server'),
        ['--store', store, '--port', '0', '--workers', '1', ...options],
        { stdio: ['ignore', 'ignore', 'pipe'] });
    const ended = new Promise((resolve) => {
        child.once('exit', resolve);
    });
    const server = {
        child,
        origin: null,
        stop: async (signal = 'SIGTERM') => {
            child.kill(signal);
            await ended;
            servers.delete(server);
        },
    };
    const said = [];

    servers.add(server);
    server.origin = await new Promise((resolve, reject) => {
        createInterface({ input: child.stderr }).on('line', (line) => {
            const url = /^event=listening .*url=(\S+?)\/?$/.exec(line);

            said.push(line);
            if (url) {
                resolve(url[1]);
            }
        });
        child.once('exit', () => {
            reject(new Error(`the server ended at once:\n${said.join('\n')}`));
        });
    });
    return server;
}

const shared = new Map();

// The server over a store that all tests of that store share.
export function serverOf(name) {
    if (!shared.has(name)) {
        shared.set(name, storeOf(name).then((store) => startServer(store)));
    }
    return shared.get(name);
}

// --- the browser

export async function theBrowser() {
    browser ??= chromium.launch({
        executablePath: process.env.CHROMIUM,
        // Its sandbox needs rights that root and containers do not have; it
        // sees nothing here but the server under test.
        args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'],
    });
    return browser;
}

// A folder for a test's files, removed at the end.
export function scratch(name) {
    const folder = join(work, name);

    mkdirSync(folder, { recursive: true });
    return folder;
}

export async function closeAll() {
    if (browser !== null) {
        await (await browser).close();
    }
    for (const server of servers) {
        await server.stop();
    }
    rmSync(work, { recursive: true, force: true });
}

process.on('exit', () => {
    for (const server of servers) {
        server.child.kill('SIGKILL');
    }
    rmSync(work, { recursive: true, force: true });
});
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) {
    process.once(signal, () => process.exit(1));
}
