// Results: text with what was found, badges, facets, the next page, CSV.
import { assert, pageTest } from './lib/page_test.mjs';
import { readDownload } from './lib/files.mjs';

pageTest('a result shows code, text with what was found, and its system',
    async ({ page, visit }) => {
        await visit('/search?q=electrical+stimulation');
        const hit = page.locator('.hit', { hasText: 'G0283' });

        await hit.waitFor();
        assert.match((await hit.locator('mark').allTextContents()).join(' '),
            /electrical stimulation/i);
        assert.match(await hit.innerText(), /HCPCS/);
    });

pageTest('a hit without the typed words says what it has in their place, and what it lacks',
    async ({ page, visit }) => {
        await visit('/search?q=gait+problem');
        await page.locator('.hit .why', { hasText: 'gait problem: abnormalities of gait' })
            .first().waitFor();
        await visit('/search?q=gait+xyzzyplugh');
        await page.locator('.hit .why', { hasText: 'without “xyzzyplugh”' })
            .first().waitFor();
    });

pageTest('a hit whose title lacks the words shows the text that has them',
    async ({ page, visit }) => {
        await visit('/search?q=achilles+rupture');
        const why = page.locator('.hit', { hasText: 'S86.01' }).first()
            .locator('.why', { hasText: 'everyday name: achilles rupture' });

        await why.waitFor();
        assert.deepEqual(await why.locator('mark').allTextContents(),
            ['achilles', 'rupture']);
    });

pageTest('badges tell timed codes, therapy and add-ons, headers and billable',
    async ({ page, visit }) => {
        const badges = (code) => page.locator('.hit',
            { has: page.locator('.code', { hasText: new RegExp(`^${code}$`) }) })
            .locator('.badge').allTextContents();

        await visit('/search?q=97110-97140');
        await page.locator('.hit').first().waitFor();
        const exercise = await badges('97110');

        assert.ok(exercise.includes('timed 15 min'), exercise.join());
        assert.ok(exercise.includes('always therapy'), exercise.join());
        assert.ok((await badges('97130')).includes('add-on'));
        await visit('/search?q=low+back+pain');
        await page.locator('.hit').first().waitFor();
        assert.ok((await badges('M54.50')).includes('billable'));
        await visit('/search?q=M54.5');
        await page.locator('.hit').first().waitFor();
        assert.ok((await badges('M54.5')).includes('header, not billable'));
    });

pageTest('facets narrow the results', async ({ page, visit }) => {
    await visit('/search?q=therap');
    const facet = page.getByRole('navigation', { name: 'Narrow the results' });

    // A letter of the fee schedule tells what it means.
    await facet.getByRole('link', { name: /^A: paid under the fee schedule if covered/ })
        .waitFor();
    await facet.getByRole('link', { name: /^CPT/ }).click();
    await page.waitForURL(/system=cpt/);
    await page.locator('.facet [aria-current]', { hasText: 'CPT' }).waitFor();
    for (const system of await page.locator('.hit .system').allTextContents()) {
        assert.equal(system, 'CPT');
    }
    await page.goBack();
    await page.waitForURL((url) => !url.search.includes('system'));
    await page.locator('.facet [aria-current]', { hasText: 'All' }).first()
        .waitFor();
});

pageTest('the next page comes as one scrolls', { store: 'real' },
    async ({ page, visit }) => {
        await visit('/search?q=pain');
        await page.locator('.hit').first().waitFor();
        await page.waitForFunction(() => {
            scrollTo(0, document.body.scrollHeight);
            return document.querySelectorAll('.hit').length > 80;
        });
        const codes = await page.locator('.hit .code').allTextContents();

        assert.equal(new Set(codes).size, codes.length, 'no hit twice');
    });

pageTest('a list of codes and a range are results too', async ({ page, visit }) => {
    await visit('/search?q=M54.50+M54.2');
    await page.locator('.hit').nth(1).waitFor();
    assert.deepEqual(await page.locator('.hit .code').allTextContents(),
        ['M54.50', 'M54.2']);
    await visit('/search?q=97110-97116');
    await page.locator('.hit', { hasText: '97116' }).waitFor();
    assert.deepEqual(await page.locator('.hit .code').allTextContents(),
        ['97110', '97112', '97113', '97116']);
});

pageTest('results are saved as CSV', async ({ page, visit }) => {
    await visit('/search?q=97110-97116');
    await page.locator('.hit', { hasText: '97116' }).waitFor();
    const text = await readDownload(page,
        () => page.getByRole('button', { name: 'CSV' }).click());
    const lines = text.trim().split('\r\n');

    assert.match(lines[0], /^\uFEFF?code,system,text,valid/);
    assert.equal(lines.length, 5);
    assert.match(lines[1], /^97110,cpt,/);
});

pageTest('nothing found is said, with a way on', async ({ page, visit }) => {
    await visit('/search?q=xqzvw');
    await page.getByText(/Nothing that is loaded fits/).waitFor();
});
