// Units: both rules side by side, the working, ties. Values: CMS's own examples
// (Medicare Claims Processing Manual, chapter 5, 20.2).
import { assert, pageTest } from './lib/page_test.mjs';
import { readDownload } from './lib/files.mjs';

const totals = async (page) => {
    await page.locator('.unitlines tfoot').waitFor();
    return page.locator('.unitlines tfoot .units').allTextContents();
};

pageTest('both rules stand side by side with their working',
    async ({ page, visit }) => {
        // 33 + 7 minutes: 3 units of the pool, 2 + 0 each alone.
        await visit('/units?minutes=97110:33,97140:7');
        assert.deepEqual(await totals(page), ['3', '2']);
        assert.deepEqual(
            await page.locator('.unitlines tbody .units').allTextContents(),
            ['2', '2', '1', '0']);
        const pool = page.getByRole('region', { name: '8-minute rule' });

        assert.match(await pool.innerText(), /40 min → 3 units/);
        assert.match(await page.getByRole('region', { name: 'Midpoint rule' })
            .innerText(), /97140 7 min alone/);
        await page.getByText('The rules differ').waitFor();
    });

pageTest('a tie shows every right answer', async ({ page, visit }) => {
    await visit('/units?minutes=97112:20,97110:20');
    assert.deepEqual(await totals(page), ['3', '2']);
    assert.deepEqual(await page.locator('.tie li').allTextContents(), [
        '97112 × 2, 97110 × 1 (shown above)', '97112 × 1, 97110 × 2']);
});

pageTest('minutes are changed where they stand', async ({ page, visit }) => {
    await visit('/units?minutes=97110:24,97112:23');
    assert.deepEqual(await totals(page), ['3', '4']);
    const minutes = page.getByLabel('Minutes of 97112, line 2');

    await minutes.fill('38');
    await minutes.press('Enter');
    await page.waitForURL(/97112:38/);
    await page.locator('.unitlines tfoot', { hasText: '62' }).waitFor();
    assert.equal((await totals(page))[0], '4');
    await page.goBack();
    await page.locator('.unitlines tfoot', { hasText: '47' }).waitFor();
});

pageTest('units are saved as CSV', async ({ page, visit }) => {
    await visit('/units?minutes=97110:33,97140:7');
    await totals(page);
    const text = await readDownload(page,
        () => page.getByRole('button', { name: 'CSV' }).click());

    assert.match(text, /97110,,33,2,2,/);
    assert.match(text, /97140,,7,1,0,/);
});
