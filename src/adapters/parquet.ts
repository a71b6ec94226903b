// Writes rows as a Parquet file, row group by row group, so that memory does not grow with the rows. It decides no types.
// The library is loaded when first needed.

/** How a column is stored; a cell that is null is absent. */
export interface ParquetColumn {
  readonly name: string;
  readonly type: 'boolean' | 'integer' | 'number' | 'text';
}

/** Of its column's type: an integer is a bigint of 64 bits. */
export type ParquetCell = boolean | bigint | number | string | null;

/** Where a row group ends: readers skip whole ones, and one is held in memory. */
const GROUP_ROWS = 10_000;
const GROUP_CHARACTERS = 2 << 20;

/** The bytes of the file; `rows` have one cell a column, in their order. `creator` is written into the file. */
export async function* parquetBytes(
  columns: readonly ParquetColumn[],
  rows: AsyncIterable<readonly ParquetCell[]>,
  creator: string,
): AsyncGenerator<Uint8Array> {
  const { ByteWriter, ParquetWriter } = await import('hyparquet-writer');
  const bytes = new ByteWriter();
  const schema = [{ name: 'root', num_children: columns.length }, ...columns.map(elementOf)];
  const file = new ParquetWriter({ writer: bytes, schema, createdBy: creator });
  const taken = (): Uint8Array => {
    const chunk = bytes.getBytes().slice();
    // The place in the file goes on, the buffer begins anew.
    bytes.index = 0;
    return chunk;
  };
  let group = columns.map((): ParquetCell[] => []);
  let size = 0;
  const write = async (): Promise<void> => {
    const columnData = columns.map(({ name }, at) => ({ name, data: group[at]! }));
    await file.write({ columnData, rowGroupSize: GROUP_ROWS });
    group = columns.map(() => []);
    size = 0;
  };
  for await (const row of rows) {
    columns.forEach((_, at) => {
      const cell = row[at] ?? null;
      group[at]!.push(cell);
      if (typeof cell === 'string') size += cell.length;
    });
    if (group[0]!.length < GROUP_ROWS && size < GROUP_CHARACTERS) continue;
    await write();
    yield taken();
  }
  if (group[0]!.length > 0) await write();
  await file.finish();
  yield taken();
}

function elementOf({ name, type }: ParquetColumn) {
  const about = { name, repetition_type: 'OPTIONAL' } as const;
  switch (type) {
    case 'boolean':
      return { ...about, type: 'BOOLEAN' } as const;
    case 'integer':
      return { ...about, type: 'INT64' } as const;
    case 'number':
      return { ...about, type: 'DOUBLE' } as const;
    case 'text':
      return { ...about, type: 'BYTE_ARRAY', converted_type: 'UTF8' } as const;
    default:
      return type satisfies never;
  }
}
