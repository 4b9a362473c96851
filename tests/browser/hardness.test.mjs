// What goes wrong around the page: texts that were written to do harm, a
// connection that breaks while somebody types, a server that ends and comes
// back, a build that is swapped, a code with ten thousand edits. The page stays
// usable and says what happened.
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer, connect } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { buildStore, programs, scratch, startServer, storeOf, top }
    from './lib/machine.mjs';
import { assert, eventually, pageTest, reads, settled } from './lib/page_test.mjs';

const run = promisify(execFile);
const lost = /ERR_|Failed to (load|fetch)/; // what the browser says of it

// --- harmful texts

pageTest('markup in a code, a text or a file name stays text, with script too',
    { store: 'hostile', allow: /status of 40[04]/ },
    async ({ page, visit }) => {
        const nothingMade = async () => {
            await settled(page);
            assert.equal(await page.locator('img, iframe, main script, ' +
                'main b:text-is("angle"), [onerror], [onload]').count(), 0);
            assert.doesNotMatch(await page.title(), /pwned/);
            assert.equal(await page.locator('main').count(), 1);
        };

        await visit('/');
        await page.locator('#q').pressSequentially('hostile');
        await page.locator('.hit', { hasText: 'hostile picture' }).waitFor();
        await nothingMade();
        for (const [code, text] of [
            ['EVIL1', '<script>alert(1)</script>'],
            ['EVIL2', '&lt;already&gt; escaped'],
            ['EVIL3', '{{main}} {{{banner}}}'],
            ['EVIL4', 'javascript:alert(4)'],
            ['<IMG>', '<b>angle</b>'],
        ]) {
            await visit(`/code/${encodeURIComponent(code)}`);
            await page.locator('main', { hasText: text }).waitFor();
            await nothingMade();
        }
        await visit('/search?q=' + encodeURIComponent(
            '<img src=x onerror=alert(5)>'));
        await page.locator('main h1').waitFor();
        await nothingMade();
        await visit('/code/' + encodeURIComponent('<svg onload=alert(6)>'));
        await page.locator('main h1').waitFor();
        await nothingMade();
    });

// --- a connection that breaks

// A door in front of a server that can be shut, and whose server can change.
async function openDoor(port) {
    const door = { open: true, port };
    const sockets = new Set();
    const listener = createServer((near) => {
        if (!door.open) {
            near.destroy();
            return;
        }
        const far = connect(door.port, '127.0.0.1');

        for (const [socket, other] of [[near, far], [far, near]]) {
            sockets.add(socket);
            socket.on('error', () => {});
            socket.on('close', () => {
                sockets.delete(socket);
                other.destroy();
            });
            socket.pipe(other);
        }
    });

    door.shut = () => {
        door.open = false;
        for (const socket of sockets) {
            socket.destroy();
        }
    };
    await new Promise((done) => {
        listener.listen(0, '127.0.0.1', done);
    });
    door.origin = `http://127.0.0.1:${listener.address().port}`;
    door.close = async () => {
        door.shut();
        await new Promise((done) => {
            listener.close(done);
        });
    };
    return door;
}

const portOf = (server) => Number(new URL(server.origin).port);

async function behindDoor() {
    const server = await startServer(await storeOf('starter'));
    const door = await openDoor(portOf(server));

    return {
        origin: door.origin,
        door,
        server,
        stop: async () => {
            await door.close();
            await server.stop();
        },
    };
}

pageTest('a connection that breaks in mid-typing is said, and typing goes on',
    { server: behindDoor, allow: lost },
    async ({ page, visit, server: { door } }) => {
        await visit('/');
        await page.locator('#q').pressSequentially('gait');
        await page.locator('.hit', { hasText: '97116' }).waitFor();
        door.shut();
        await page.locator('#q').pressSequentially(' trai');
        await page.getByText(/no connection/i).waitFor();
        // The box took every key, and what was found still stands there.
        await reads(page.locator('#q'), 'gait trai');
        await page.locator('.hit', { hasText: '97116' }).waitFor();
        door.open = true;
        await page.locator('#q').pressSequentially('ning');
        await page.getByText(/connection is back/i).waitFor();
        await page.locator('.hit', { hasText: '97116' }).waitFor();
        await reads(page.locator('#q'), 'gait training');
        await page.waitForURL('**/search?q=gait+training**');
    });

pageTest('a server that ends and comes back is found again by itself',
    { server: behindDoor, allow: lost },
    async ({ page, visit, server: { door, server } }) => {
        await visit('/code/97110');
        await page.locator('main h1').waitFor();
        await server.stop();
        await page.locator('#q').fill('97530');
        await page.locator('#q').press('Enter');
        await page.getByText(/no connection/i).waitFor();
        const next = await startServer(await storeOf('starter'));

        try {
            door.port = portOf(next);
            await page.getByText(/connection is back/i).waitFor();
            await page.locator('main h1', { hasText: '97530' }).waitFor();
        } finally {
            await next.stop();
        }
    });

// --- a build that is swapped

const hcpcs = join(top, 'tests/fixtures/hcpcs/HCPC2024_JUL_ANWEB_06282024.txt');

function ownCodes(name, text) {
    const file = join(scratch('own'), `${name}.tsv`);

    writeFileSync(file, `local_code\ttext\nOWN1\t${text}\n`);
    return file;
}

async function swappable() {
    const store = await buildStore('swapped', hcpcs,
        ownCodes('first', 'counselling before'));
    const server = await startServer(store);

    return { ...server, store };
}

pageTest('a swapped build is taken up, and said', { server: swappable },
    async ({ page, visit, server }) => {
        await visit('/code/OWN1');
        await page.locator('main h1',
            { hasText: 'counselling before' }).waitFor();
        const before = await page.evaluate(
            async () => (await (await fetch('/readyz')).json()).build);

        await run(join(programs, 'coderef-index'), ['build', '--store',
            server.store, '--allow-partial', hcpcs,
            ownCodes('second', 'counselling afterwards')]);
        server.child.kill('SIGHUP');
        await page.waitForFunction(async (build) => {
            const answer = await fetch('/readyz', { cache: 'no-store' });

            return (await answer.json()).build !== build;
        }, before, { polling: 200 });
        // It looks when somebody comes back to it, and once a minute.
        await eventually(async () => {
            await page.evaluate(() => window.dispatchEvent(new Event('focus')));
            assert.ok(await page.getByText(/new data was loaded/i).isVisible());
        });
        await page.locator('main h1',
            { hasText: 'counselling afterwards' }).waitFor();
    });

// --- ten thousand edits

const ROWS = 10000;

// An edit table in the layout of CMS in which one code has all the rows.
function manyEdits() {
    const file = join(scratch('edits'), 'ptp_practitioner_2024q3.txt');
    const lines = [
        'a table of this test, not a release of CMS\t\t\t\t\t\t',
        'Column1/Column2 Edits\t\t\t\t\t\t',
        'Column 1\tColumn 2\t*=in existence\tEffective\tDeletion\tModifier\tPTP Edit Rationale',
        '\t\tprior to 1996\tDate\tDate\t0=not allowed\t',
        '\t\t\t\t*=no data\t1=allowed\t',
        '\t\t\t\t\t9=not applicable\t',
    ];

    for (let i = 0; i < ROWS; i++) {
        lines.push(`99999\t${String(20000 + i)}\t\t20240101\t*\t${i % 2}\tMisuse`);
    }
    writeFileSync(file, `${lines.join('\r\n')}\r\n`);
    return file;
}

async function crowded() {
    return startServer(await buildStore('crowded', hcpcs, manyEdits()));
}

pageTest('a code with ten thousand edits is listed, filtered and left again',
    { server: crowded },
    async ({ page, visit }) => {
        await visit('/code/99999/edits?date=2024-07-15');
        await page.getByText(/10,000/).first().waitFor();
        const filter = page.locator('main').getByRole('searchbox')
            .or(page.locator('main input[type=text], main input:not([type])'));

        await filter.first().fill('29999');
        await page.locator('main td, main th').getByText('29999', { exact: true })
            .first().waitFor();
        await page.locator('#q').fill('G0283');
        await page.locator('#q').press('Enter');
        await page.waitForURL('**/code/G0283**');
    });

pageTest('without script ten thousand edits come page by page',
    { server: crowded, javaScriptEnabled: false },
    async ({ page, visit }) => {
        await visit('/code/99999/edits?date=2024-07-15');
        assert.equal(await page.locator('tbody tr').count(), 200);
        await page.locator('a[rel=next]').click();
        await page.waitForURL(/cursor=/); // and until it is loaded whole
        await page.locator('a', { hasText: '20200' }).first().waitFor();
        assert.equal(await page.locator('tbody tr').count(), 200);
    });
