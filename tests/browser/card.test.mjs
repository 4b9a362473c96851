// The card of a code, on the starter set and on published releases.
import { assert, gone, pageTest } from './lib/page_test.mjs';
import { readDownload } from './lib/files.mjs';

const section = (page, name) =>
    page.locator('section', { has: page.getByRole('heading', { name, exact: true }) });

pageTest('a card tells validity, time, limits, fees, add-ons and sources',
    async ({ page, visit }) => {
        await visit('/code/97110');
        await page.locator('h1 .text', { hasText: 'therapeutic exercise' }).waitFor();
        await page.getByText('Valid on 30 Sep 2024').waitFor();
        assert.match(await section(page, 'Time').innerText(),
            /Timed, each 15 minutes/);
        // MUE 2024Q3 of 97110: 6 practitioner, 8 outpatient hospital.
        assert.deepEqual(await section(page, 'Unit limits (MUE)')
            .locator('.limit').allTextContents(), ['6', '8']);
        const fees = await section(page, 'Fee schedule').innerText();

        assert.match(fees, /A paid under the fee schedule if covered/);
        assert.match(fees, /5 therapy: 50% of practice expense/);
        assert.match(await section(page, 'Therapy').innerText(), /always therapy/);
        await section(page, 'Nearby').getByText('gait training').waitFor();
        assert.match(await section(page, 'Sources').innerText(),
            /starter_mue_practitioner_2024q3\.csv/);
    });

// PPRRVU October 2025: 70555 has status C, and so has TC; 26 has A.
pageTest('a part with another status than the whole says what its letter means',
    { store: 'real' }, async ({ page, visit }) => {
        await visit('/code/70555?date=2025-12-01');
        const status = (modifier) => section(page, 'Fee schedule').locator('tr', {
            has: page.getByRole('rowheader', { name: modifier, exact: true }),
        }).getByRole('cell').first();

        assert.equal(await status('26').innerText(),
            'A paid under the fee schedule if covered');
        assert.equal(await status('TC').innerText(), 'C');
        assert.match(await section(page, 'Fee schedule').innerText(),
            /C the contractor sets the price/);
    });

// HCPCS A0100 and ICD-10-CM A01.00, as it is written on a claim.
pageTest('a code that two systems spell alike leads from one to the other',
    { store: 'real' }, async ({ page, visit }) => {
        await visit('/code/A0100?date=2026-06-01');
        await page.locator('.also a', { hasText: 'ICD-10-CM' }).click();
        await page.locator('h1 .code', { hasText: 'A01.00' }).waitFor();
        await page.locator('.also a', { hasText: 'HCPCS' }).click();
        await page.locator('h1 .code', { hasText: 'A0100' }).waitFor();
    });

pageTest('an add-on names its primaries', async ({ page, visit }) => {
    await visit('/code/97130');
    await section(page, 'Add-on').getByRole('link', { name: '97129' }).click();
    await page.waitForURL(/\/code\/97129/);
    await section(page, 'Add-on').getByRole('link', { name: '97130' }).waitFor();
});

pageTest('the time-line says when a code is valid, and where the day is',
    { store: 'real' }, async ({ page, visit }) => {
        await visit('/code/99441?date=2025-06-01');
        await page.getByText(/Not valid on 1 Jun 2025/).waitFor();
        const line = page.locator('.line');

        await line.locator('.now', { hasText: 'not valid' }).waitFor();
        await line.locator('li').nth(2).waitFor();
        assert.match(await page.locator('.successor').innerText(), /98008/);
        await page.getByText('Every span and what says so').click();
        await page.getByRole('cell', { name: /not in a release/ }).first()
            .waitFor();
    });

pageTest('a diagnosis tells whether it is billable', async ({ page, visit }) => {
    await visit('/code/M54.5');
    assert.match(await section(page, 'On a claim').innerText(),
        /it needs more characters/);
    await section(page, 'Billable below it')
        .getByRole('link', { name: 'M54.50' }).click();
    await page.waitForURL(/\/code\/M54\.50/);
    await page.locator('.badge.billable').waitFor();
});

pageTest('policies of the chosen state stand first, and the choice is kept',
    { store: 'coverage', allow: /40[04]/ }, async ({ page, visit }) => {
        await visit('/code/G0283?date=2024-08-01');
        const policies = section(page, 'Coverage policies');

        await policies.getByText('2 articles name this code').waitFor();
        await policies.getByLabel('State').selectOption('KY');
        await policies.getByText('1 article names this code, in force in KY')
            .waitFor();
        assert.match(await policies.locator('tbody tr').first().innerText(),
            /A57067/);
        await policies.getByText('A60000').first().waitFor({ state: 'hidden' });
        await policies.getByText('1 article of other places').click();
        await policies.getByRole('link', { name: 'A60000' }).waitFor();
        await page.reload();
        await policies.getByText('1 article names this code, in force in KY')
            .waitFor();
        await policies.getByLabel('State').selectOption('TX');
        await policies.getByText('not known for TX').waitFor();
        // The state goes along to the question with a diagnosis.
        await policies.getByLabel('State').selectOption('OH');
        await policies.getByText(/in force in OH/).waitFor();
        await policies.getByRole('link', { name: /Ask with/ }).click();
        await page.waitForURL(/necessity\?state=OH&code=G0283/);
    });

// No table of the stored coverage release ties a contractor to a state.
pageTest('where no release tells who serves a state, all policies are shown',
    { store: 'real' }, async ({ page, visit }) => {
        await visit('/code/97035?date=2026-08-10');
        const policies = section(page, 'Coverage policies');

        await policies.getByLabel('State').selectOption('KY');
        await policies.getByText(/does not tell which contractor/).waitFor();
        await policies.locator('tbody tr').nth(7).waitFor();
        await gone(policies.locator('tbody tr').nth(8));
    });

pageTest('edits are searched in both columns and both settings',
    { store: 'real' }, async ({ page, visit }) => {
        await visit('/code/97110?date=2024-07-01');
        const edits = section(page, 'Pair edits');
        const counted = edits.getByText(/In force: column 1/);

        // As GET /v1/codes/97110/edits counts them for that day.
        await counted.waitFor();
        const [, first, second] =
            /column 1 (\d+), column 2 (\d+)/.exec(await counted.innerText());

        await edits.getByText(`${Number(first) + Number(second)} rows`,
            { exact: true }).waitFor();
        await edits.getByRole('searchbox').fill('97150');
        await edits.getByText(/1 of \d+ rows/).waitFor();
        assert.match(await edits.locator('tbody tr').innerText(),
            /97150\s+this code\s+! a modifier may open it/);
        await edits.getByLabel('Column').selectOption('1');
        await edits.getByText(`${first} rows`, { exact: true }).waitFor();
        await edits.getByLabel('Setting').selectOption('outpatient');
        await edits.getByText(/187 rows of all times/).waitFor();
        await edits.getByLabel('Column').selectOption('any');
        await edits.getByText('72 rows', { exact: true }).waitFor();
        await edits.getByLabel(/also edits/).check();
        await edits.getByText('187 rows', { exact: true }).waitFor();
        await edits.getByRole('searchbox').fill('ended');
        await edits.getByRole('cell', { name: 'ended' }).first().waitFor();
    });

pageTest('a code is copied, with its text', async ({ page, context, visit, url }) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write'],
        { origin: url('') });
    await visit('/code/97110');
    await page.getByRole('button', { name: 'Copy' }).click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()),
        '97110\ttherapeutic exercise');
});

pageTest('the edits are saved as CSV', async ({ page, visit }) => {
    await visit('/code/97110');
    const edits = section(page, 'Pair edits');

    await edits.locator('tbody tr').first().waitFor();
    await edits.getByText(/In force: column 1/).waitFor();
    const text = await readDownload(page,
        () => edits.getByRole('button', { name: 'CSV' }).click());

    assert.match(text, /^\uFEFF?With,Denied,Modifier,First day,Last day,State,/);
    assert.match(text, /\r\n97150,97110,a modifier may open it,/);
});

// 96523 stands as column 2 in more edits than any other code: 10,473 were in
// force on 2024-07-01 in the practitioner's set, and 6 with it as column 1.
pageTest('a list of ten thousand edits stays usable', { store: 'real' },
    async ({ page, visit }) => {
        await visit('/code/96523?date=2024-07-01');
        const edits = section(page, 'Pair edits');

        await edits.getByText(/column 2 10,473/).waitFor();
        await edits.getByText('10,479 rows', { exact: true }).waitFor();
        // Not all of them are on the page, and it still answers.
        assert.ok(await edits.locator('tbody tr').count() < 2000);
        await edits.getByRole('searchbox').fill('97110');
        await edits.getByText(/1 of 10,479 rows/).waitFor();
        await edits.getByRole('searchbox').fill('');
        await edits.getByText('10,479 rows', { exact: true }).waitFor();
        const text = await readDownload(page,
            () => edits.getByRole('button', { name: 'CSV' }).click());

        assert.equal(text.trim().split('\r\n').length, 10480);
        await page.keyboard.press('/');
        await page.keyboard.type('97110');
        await page.locator('h1 .code', { hasText: '97110' }).waitFor();
    });
