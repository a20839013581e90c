// Unpacks the browser, its libraries and its fonts into TMPDIR, and what they were packed in is removed.

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { inflate } from '@sparticuz/chromium';

const packed = join(import.meta.dirname, 'node_modules/@sparticuz/chromium/bin');
for (const part of ['chromium.br', 'swiftshader.tar.br', 'al2023.tar.br', 'fonts.tar.br']) {
  await inflate(join(packed, part));
}
rmSync(packed, { recursive: true });
