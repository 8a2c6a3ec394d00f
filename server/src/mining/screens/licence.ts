/** Names of licences as people write them in headers, with their SPDX identifiers (spdx.org/licenses). */
const known: readonly (readonly [RegExp, string])[] = [
  [/Apache License,?\s+Version 2\.0/i, 'Apache-2.0'],
  [/GNU Affero General Public License/i, 'AGPL'],
  [/GNU (Lesser|Library) General Public License/i, 'LGPL'],
  [/GNU General Public License/i, 'GPL'],
  [/Mozilla Public License,?\s+(v\.?|version)\s*2/i, 'MPL-2.0'],
  [/\bMIT License\b|\bPermission is hereby granted, free of charge\b/i, 'MIT'],
  [/\bBSD[- ](2|3)[- ]Clause\b/i, 'BSD-#-Clause'],
  [/\bBSD[- ](style )?licen[cs]e\b|Redistribution and use in source and binary forms/i, 'BSD'],
  [/\bISC License\b/i, 'ISC'],
  [/\b(Unlicense|public domain)\b/i, 'public domain'],
  [/\ball rights reserved\b|\bproprietary\b|\bconfidential\b/i, 'proprietary'],
];

/** Lines at the top of a file that can be its header. */
const headerLines = 40;

/** The licence that the header of a file names: its SPDX identifier as far as it can be told; null where it names none. */
export function licenceOf(text: string): string | null {
  const header = text.split('\n', headerLines).join('\n');
  const tagged = /SPDX-License-Identifier:\s*([\w.+-]+(?:\s+(?:AND|OR|WITH)\s+[\w.+-]+)*)/.exec(header)?.[1];
  if (tagged !== undefined) return tagged;
  for (const [pattern, name] of known) {
    const found = pattern.exec(header);
    if (found !== null) return name.replace('#', found[1] ?? '');
  }
  return null;
}
