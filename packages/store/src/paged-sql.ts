import { TABLES } from '@writ/core';
import { PAGED } from './port.ts';

/** Puts an index that ends with the key in the place of each that was on a paged column alone. `schema` stands before every name. */
export function pagedSql(schema: string): readonly string[] {
  return PAGED.flatMap(([table, column]) => [
    `DROP INDEX ${schema}${table}_${column}`,
    `CREATE INDEX ${table}_${column} ON ${schema}${table} (${column}, ${TABLES[table].key})`,
  ]);
}
