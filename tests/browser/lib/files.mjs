// files.mjs - what a page hands to a person, and takes.
import { readFile } from 'node:fs/promises';

// The text of the file that act() makes the page save.
export async function readDownload(page, act) {
    const [download] = await Promise.all([page.waitForEvent('download'), act()]);

    return readFile(await download.path(), 'utf8');
}
