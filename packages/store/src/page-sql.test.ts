import { describe, expect, test } from 'vitest';
import { type Dialect, pageSql } from './page-sql.ts';
import { INDEXED, PAGED } from './port.ts';
import { columnsOf, TABLE_NAMES } from './stored-row.ts';

const dialect: Dialect = { schema: 's.', parameter: (n) => `$${n}` };

describe('the statement of a page', () => {
  test('holds no value, only their places', () => {
    expect(pageSql('runs', { column: 'state', equals: `x' --`, after: 'k', limit: 7 }, dialect)).toEqual({
      text: `SELECT ${columnsOf('runs').join(', ')}, entry FROM s.runs WHERE state = $1 AND id > $2 ORDER BY id LIMIT $3`,
      values: [`x' --`, 'k', 7],
    });
  });

  test('takes a range that includes its start and excludes its end', () => {
    const page = pageSql('runs', { column: 'due_at', from: 1, below: 5, limit: 7 }, dialect);
    expect(page?.text).toContain('WHERE due_at >= $1 AND due_at < $2 ORDER BY id LIMIT $3');
    expect(page?.values).toEqual([1, 5, 7]);
  });

  test.for(['body', 'id; --', '__proto__', ''])('is not made for the column %j', (column) => {
    expect(() => pageSql('runs', { column, equals: 'x', limit: 1 }, dialect)).toThrow(/are not found by/u);
  });

  test.for([0, -1, 1.5, 10_001, Number.NaN])('is not made for the limit %d', (limit) => {
    expect(() => pageSql('runs', { limit }, dialect)).toThrow(/is not from 1 to 10000/u);
  });

  test('is not made for a value of another type', () => {
    expect(() => pageSql('runs', { column: 'state', equals: 1, limit: 1 }, dialect)).toThrow(/is no text/u);
    expect(() => pageSql('runs', { column: 'due_at', equals: '1', limit: 1 }, dialect)).toThrow(
      /is no integer/u,
    );
    expect(() => pageSql('runs', { column: 'state', from: 1, below: 2, limit: 1 }, dialect)).toThrow(
      /no text/u,
    );
  });

  test('names indexed columns that the table has', () => {
    for (const table of TABLE_NAMES) {
      for (const column of INDEXED[table]) expect(columnsOf(table)).toContain(column);
    }
    for (const [table, column] of PAGED) expect(INDEXED[table]).toContain(column);
  });
});
