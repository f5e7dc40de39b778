/** What web applications put before the contents: `data:image/png;base64,`. */
const DATA_URL = /^data:[^,]{0,200};base64,/i;

/**
 * The contents that a text of `"File"."data"` stands for: Base64 (RFC 4648, section 4), with or without the head of a data URL, with or
 * without line breaks and padding.
 * @returns undefined when the text is something else, or has bits that no file has: whoever reads it leniently may lose something.
 */
export function decodeBase64(text: string): Buffer | undefined {
  const digits = text.replace(DATA_URL, "").replace(/[\r\n]+/g, "");
  const contents = Buffer.from(digits, "base64");
  const unpadded = digits.replace(/={1,2}$/, "");
  const padded = digits === unpadded || digits.length % 4 === 0;
  return padded && contents.toString("base64").replace(/=+$/, "") === unpadded ? contents : undefined;
}
