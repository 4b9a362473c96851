// Date of service and setting in the head hold for every question; every state
// has its address; Back works; light and dark.
import { assert, pageTest, reads, settled } from './lib/page_test.mjs';

pageTest('the page starts on the last day the edits cover, and says so',
    async ({ page, visit }) => {
        await visit('/');
        await reads(page.locator('#date'), '2024-09-30');
        await page.locator('.banner', {
            hasText: 'Answers are for 30 Sep 2024, the last day that the ' +
                'loaded edits cover',
        }).waitFor();
        await page.getByRole('button', { name: 'Use today' }).click();
        await page.waitForURL(/date=2/);
        await page.locator('.banner', { hasText: 'The loaded edits end on' })
            .waitFor();
    });

pageTest('date and setting hold for every question that follows',
    async ({ page, visit }) => {
        const asked = [];

        page.on('request', (request) => {
            if (request.url().includes('/v1/')) {
                asked.push(request.url());
            }
        });
        await visit('/code/97110');
        await page.locator('h1 .code').waitFor();
        await page.getByLabel('Date of service').fill('2024-07-15');
        await page.waitForURL(/date=2024-07-15/);
        await page.getByText('Valid on 15 Jul 2024').waitFor();
        await page.getByLabel('Setting', { exact: true }).first()
            .selectOption('outpatient');
        await page.waitForURL(/setting=outpatient/);
        asked.length = 0;
        await page.locator('#q').fill('97110 97150');
        await page.locator('.matrix').waitFor();
        assert.match(asked.find((url) => url.includes('/v1/pairs')),
            /date=2024-07-15&setting=outpatient/);
        await page.reload();
        await page.locator('.matrix').waitFor();
        await reads(page.locator('#date'), '2024-07-15');
        await reads(page.locator('#setting'), 'outpatient');
    });

pageTest('Back and Forward walk through the states, with box and head',
    async ({ page, visit }) => {
        await visit('/');
        await page.keyboard.type('gait');
        await page.waitForURL(/q=gait&/);
        await settled(page);
        await page.locator('.hit', { hasText: '97116' }).waitFor();
        await page.keyboard.press('Enter');
        await page.locator('.hit > a:focus').waitFor();
        await page.keyboard.press('Enter');
        await page.locator('h1 .code', { hasText: '97116' }).waitFor();
        await page.locator('#q').fill('97110 97150');
        await page.locator('.matrix').waitFor();
        await page.goBack();
        await page.locator('h1 .code', { hasText: '97116' }).waitFor();
        await reads(page.locator('#q'), '97116');
        await page.goBack();
        await page.locator('.hit', { hasText: '97116' }).waitFor();
        // A burst of typing is one step, not one for each letter.
        await reads(page.locator('#q'), 'gait');
        await page.goBack();
        await page.locator('.examples').waitFor();
        await page.goForward();
        await page.goForward();
        await page.goForward();
        await page.locator('.matrix').waitFor();
        await reads(page.locator('#q'), '97110, 97150');
    });

pageTest('Back returns to the place in a long list', { store: 'real' },
    async ({ page, visit }) => {
        await visit('/search?q=pain');
        await page.waitForFunction(() => {
            scrollTo(0, document.body.scrollHeight);
            return document.querySelectorAll('.hit').length > 80;
        });
        const hit = page.locator('.hit > a').nth(70);
        const code = await hit.locator('.code').innerText();

        await hit.scrollIntoViewIfNeeded();
        await hit.click();
        await page.locator('h1 .code', { hasText: code }).waitFor();
        await page.goBack();
        await page.locator('.hit > a').nth(70).waitFor();
        await page.waitForFunction(() => scrollY > 500);
    });

pageTest('light and dark: the switch holds, also over a reload',
    { colorScheme: 'light', allow: /404/ }, async ({ page, visit }) => {
        const ground = () => page.evaluate(() =>
            getComputedStyle(document.documentElement).backgroundColor);

        await visit('/releases');
        await page.getByRole('heading', { name: 'What is loaded' }).waitFor();
        const light = await ground();

        await page.getByRole('button', { name: /Light\/dark/ }).click();
        await page.getByRole('button', { name: 'Light', exact: true }).click();
        await page.getByRole('button', { name: 'Dark', exact: true }).waitFor();
        assert.notEqual(await ground(), light);
        const dark = await ground();

        await page.reload();
        await page.getByRole('button', { name: 'Dark', exact: true }).waitFor();
        assert.equal(await ground(), dark);
    });

pageTest('what is loaded, with what is stale', { store: 'real', allow: /404/ },
    async ({ page, visit }) => {
        await visit('/releases');
        const row = page.getByRole('row', { name: /Pair edits .* Practitioner/ });

        await row.first().waitFor();
        assert.match(await row.first().innerText(), /2024q3[\s\S]*stale/);
        await page.locator('.banner', { hasText: /releases stale/ }).waitFor();
        assert.match(await page.locator('main').innerText(),
            /Licensed descriptions/);
    });

pageTest('the starter set says that it is not for billing', { allow: /404/ },
    async ({ page, visit }) => {
        await visit('/releases');
        await page.locator('.banner', { hasText: 'The starter set is loaded' })
            .waitFor();
    });

pageTest('on paper: the answer, its date and setting, and every row',
    { store: 'real' }, async ({ page, visit }) => {
        await visit('/code/97110/edits?date=2024-07-01');
        await page.locator('main').getByText(/In force: column 1/).waitFor();
        await page.emulateMedia({ media: 'print' });
        await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
        assert.match(await page.locator('.paper').innerText(),
            /Edits of 97110 · date of service 2024-07-01 · Practitioner/);
        assert.equal(await page.locator('.head').isVisible(), false);
        assert.equal(await page.getByRole('button', { name: 'CSV' }).isVisible(),
            false);
        const counted = Number(/^\d+/.exec(
            await page.locator('.count').textContent())[0]);

        assert.equal(await page.locator('tbody tr').count(), counted);
    });
