// When the server goes away, comes back, or has other data.
import { mkdirSync, realpathSync, renameSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { assert, pageTest, reads } from './lib/page_test.mjs';
import { buildStore, scratch, startServer, storeOf } from './lib/machine.mjs';

const EXPECTED = /Failed to load resource|ERR_|404/;
const STORES = ['starter', 'real'];

for (const store of STORES) {
    pageTest(`a connection that breaks while one types is said, and mended: ${store}`,
        { store, allow: EXPECTED }, async ({ page, visit, context }) => {
            await visit('/');
            await page.keyboard.type('gait');
            await page.locator('.hit', { hasText: '97116' }).waitFor();
            await context.setOffline(true);
            await page.keyboard.type(' training');
            await page.getByText(/No connection to the server/).waitFor();
            // What was there can still be read, and typing goes on.
            await page.locator('.hit', { hasText: '97116' }).waitFor();
            await reads(page.locator('#q'), 'gait training');
            await context.setOffline(false);
            await page.getByText('The connection is back.').waitFor();
            await page.waitForFunction(() => document.title ===
                'Search: gait training · coderef');
        });

    pageTest(`a card asked for while the server is down comes when it is up: ${store}`,
        {
            store, allow: EXPECTED,
            server: async () => startServer(await storeOf(store)),
        }, async ({ page, visit, server }) => {
            const port = new URL(server.origin).port;

            await visit('/');
            await page.locator('.examples').waitFor();
            await server.stop();
            await page.locator('#q').fill('97110');
            await page.keyboard.press('Enter');
            await page.getByText(/No connection to the server/).waitFor();
            const again = await startServer(await storeOf(store),
                '--port', port);

            await page.locator('h1 .code', { hasText: '97110' }).waitFor();
            await again.stop();
        });
}

pageTest('a view that never was on the page comes when the connection does',
    { allow: EXPECTED }, async ({ page, visit, context }) => {
        await visit('/code/97110');
        await page.locator('h1 .code').waitFor();
        await page.waitForLoadState('networkidle');
        await context.setOffline(true);
        await page.locator('#q').fill('97110, 97150');
        await page.keyboard.press('Enter');
        await page.getByText(/No connection to the server/).waitFor();
        await context.setOffline(false);
        await page.getByText('The connection is back.').waitFor();
        await page.locator('.matrix').waitFor();
    });

pageTest('another build is taken up, and said',
    {
        allow: EXPECTED,
        server: async () => startServer(await buildStore('swapped')),
    },
    async ({ page, visit, server }) => {
        await visit('/code/97110');
        await page.getByText('Valid on 30 Sep 2024').waitFor();
        const before = await (await fetch(`${server.origin}/v1/releases`)).json();

        // The same folder, without the starter set: other codes, another build.
        await buildStore('swapped',
            `${process.env.TOP}/tests/fixtures/hcpcs/HCPC2024_JUL_ANWEB_06282024.txt`);
        let now = before;

        while (now.build.id === before.build.id) {
            await page.waitForTimeout(20);
            now = await (await fetch(`${server.origin}/v1/releases`)).json();
        }
        await page.evaluate(() => dispatchEvent(new Event('focus')));
        await page.getByText(`New data was loaded (build ${now.build.id})`)
            .waitFor();
        // What it said of 97110 came out of the fee schedule, which is gone.
        await page.locator('.state.unsure').waitFor();
        await page.locator('#q').fill('G0283');
        await page.locator('h1 .code', { hasText: 'G0283' }).waitFor();
    });

// A folder of builds that has the published releases and the starter set.
async function bothBuilds() {
    const folder = scratch('both');
    const builds = [];

    mkdirSync(join(folder, 'builds'));
    for (const store of STORES) {
        const build = realpathSync(join(await storeOf(store), 'current'));

        builds.push(join('builds', basename(build)));
        symlinkSync(build, join(folder, builds.at(-1)));
    }
    symlinkSync(builds[1], join(folder, 'current'));
    return {
        ...await startServer(folder),
        swap: () => {
            symlinkSync(builds[0], join(folder, 'next'));
            renameSync(join(folder, 'next'), join(folder, 'current'));
        },
    };
}

pageTest('the published releases are swapped for the starter set while one reads',
    { store: 'real', allow: EXPECTED, server: bothBuilds },
    async ({ page, visit, server }) => {
        const build = async () =>
            (await (await fetch(`${server.origin}/v1/releases`)).json()).build;

        // More results wait on the server than the page shows.
        await visit('/search?q=pain&date=2024-07-01');
        await page.locator('.hit').first().waitFor();
        assert.equal((await build()).starter, false);
        server.swap();
        server.child.kill('SIGHUP');
        while (!(await build()).starter) {
            await page.waitForTimeout(20);
        }
        // The mark of the next page belongs to the build that is gone.
        await page.waitForFunction(() => {
            scrollTo(0, 0);
            scrollTo(0, document.body.scrollHeight);
            return /New data was loaded/.test(document.body.textContent);
        });
        await page.locator('.hit').first().waitFor();
        await page.locator('#q').fill('97110');
        await page.locator('h1 .code', { hasText: '97110' }).waitFor();
    });
