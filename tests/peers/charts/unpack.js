// Unpacks the browser, its libraries and its fonts into TMPDIR, and what they were packed in is removed.

import { rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflate } from '@sparticuz/chromium';

const packed = join(import.meta.dirname, 'node_modules/@sparticuz/chromium/bin');
for (const part of ['chromium.br', 'swiftshader.tar.br', 'al2023.tar.br', 'fonts.tar.br']) {
  await inflate(join(packed, part));
}
rmSync(packed, { recursive: true });

// The package's own names folders of the cloud that it is made for, and one in /tmp.
const fonts = join(tmpdir(), 'fonts');
writeFileSync(join(fonts, 'fonts.conf'), `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${fonts}/fonts</dir>
  <cachedir>${fonts}/cache</cachedir>
</fontconfig>
`);
