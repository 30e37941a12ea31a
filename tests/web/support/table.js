// Tables in the log of a test run.

/** Prints rows of cells under a title, columns padded to their widest cell. */
export function printTable(title, heading, rows) {
  const widths = heading.map((_, i) => Math.max(...[heading, ...rows].map((row) => row[i].length)));
  const line = (row) => `  ${row.map((cell, i) => cell.padEnd(widths[i])).join('  ')}`.trimEnd();
  console.log(
    [title, line(heading), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n'),
  );
}
