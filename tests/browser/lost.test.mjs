// When the server goes away, comes back, or has other data.
import { assert, pageTest } from './lib/page_test.mjs';
import { buildStore, startServer, storeOf } from './lib/machine.mjs';

const EXPECTED = /Failed to load resource|ERR_|404/;
const own = async () => startServer(await storeOf('starter'));

pageTest('a connection that breaks while one types is said, and mended',
    { allow: EXPECTED }, async ({ page, visit, context }) => {
        await visit('/');
        await page.keyboard.type('gait');
        await page.locator('.hit', { hasText: '97116' }).waitFor();
        await context.setOffline(true);
        await page.keyboard.type(' training');
        await page.getByText(/No connection to the server/).waitFor();
        // What was there can still be read, and typing goes on.
        assert.ok(await page.locator('.hit', { hasText: '97116' }).isVisible());
        assert.equal(await page.locator('#q').inputValue(), 'gait training');
        await context.setOffline(false);
        await page.getByText('The connection is back.').waitFor();
        await page.waitForFunction(() => document.title ===
            'Search: gait training · coderef');
    });

pageTest('a card asked for while the server is down comes when it is up',
    { allow: EXPECTED, server: own }, async ({ page, visit, server }) => {
        const port = new URL(server.origin).port;

        await visit('/');
        await page.locator('.examples').waitFor();
        await server.stop();
        await page.locator('#q').fill('97110');
        await page.keyboard.press('Enter');
        await page.getByText(/No connection to the server/).waitFor();
        const again = await startServer(await storeOf('starter'),
            '--port', port);

        await page.locator('h1 .code', { hasText: '97110' }).waitFor();
        await again.stop();
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
