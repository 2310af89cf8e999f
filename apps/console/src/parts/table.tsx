import type { ReactNode } from 'react';

interface Column<Row> {
  readonly name: string;
  readonly cell: (row: Row) => ReactNode;
  /** Numbers stand on the right, below each other. */
  readonly isNumber?: boolean;
  /** On a phone it has a line of its own. */
  readonly isLong?: boolean;
}

interface TableParts<Row> {
  readonly label: string;
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  /** The first one names the row. */
  readonly columns: readonly Column<Row>[];
}

/** Rows of a table; on a phone each row is a block with its names beside its values, so that nothing is cut. */
export function Table<Row>({ label, rows, keyOf, columns: [head, ...columns] }: TableParts<Row>) {
  return (
    <table className="rows" aria-label={label}>
      <thead>
        <tr>
          <th scope="col">{head?.name}</th>
          {columns.map(({ name, isNumber }) => (
            <th key={name} scope="col" className={isNumber ? 'right' : undefined}>
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={keyOf(row)}>
            <th scope="row">{head?.cell(row)}</th>
            {columns.map(({ name, cell, isNumber, isLong }) => (
              <td key={name} data-name={name} className={classes(isNumber && 'right number', isLong && 'long')}>
                {cell(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function classes(...names: readonly (string | false | undefined)[]): string | undefined {
  const given = names.filter((name) => typeof name === 'string');
  return given.length === 0 ? undefined : given.join(' ');
}
