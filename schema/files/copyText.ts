/** Reading what `COPY … TO STDOUT` writes (PostgreSQL documentation, "COPY", "Text Format"). */

const LINE_FEED = 0x0a;

/** The lines of a stream, without their ends. A line may be as long as a value of PostgreSQL: it is kept in pieces until it is whole. */
export async function* linesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let pieces: Buffer[] = [];
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, start)) {
      yield Buffer.concat([...pieces, chunk.subarray(start, end)]);
      pieces = [];
      start = end + 1;
    }
    if (start < chunk.length) pieces.push(chunk.subarray(start));
  }
  if (pieces.length > 0) yield Buffer.concat(pieces);
}

const ESCAPED: Readonly<Record<string, string>> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v", "\\": "\\" };

/** The values of a line in UTF-8; null for NULL. */
export const fieldsOf = (line: Buffer): (string | null)[] =>
  line
    .toString("utf8")
    .split("\t")
    .map((field) =>
      field === "\\N" ? null : field.replace(/\\(.)/gs, (_, character: string) => ESCAPED[character] ?? character),
    );
