import { openZipArchive } from '../zip/open-zip-archive.ts';
import { picklesInArchive } from '../zip/pickles-in-archive.ts';
import type { FormatHandler, FormatProbe } from './format-handler.ts';

/** What no other format recognises. A zip archive among it is looked through for pickles. */
export const binaryHandler: FormatHandler = {
  format: 'binary',

  async detect(probe: FormatProbe): Promise<undefined> {
    const archive = await openZipArchive(probe);
    const reason = archive && (await picklesInArchive(probe, archive));
    if (reason !== undefined) probe.suspect(reason);
  },
};
