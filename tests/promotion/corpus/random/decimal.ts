/** A number as digits and how many of them stand after the point. */
export interface Exact {
  readonly digits: bigint;
  readonly scale: number;
}

export function exact(text: string): Exact | undefined {
  const found = /^([+-]?)(\d*)\.?(\d*)(?:e([+-]?\d{1,6}))?$/i.exec(text);
  if (!found || `${found[2]}${found[3]}` === "") return undefined;
  const [, sign, whole = "", fraction = "", exponent = "0"] = found;
  return reduced({
    digits: BigInt(`${sign === "-" ? "-" : ""}${whole}${fraction}`),
    scale: fraction.length - Number(exponent),
  });
}

/** Without zeros at the end, so that equal numbers are equal. */
export function reduced({ digits, scale }: Exact): Exact {
  if (digits === 0n) return { digits, scale: 0 };
  const zeros = /0*$/.exec(digits.toString())?.[0].length ?? 0;
  return { digits: digits / 10n ** BigInt(zeros), scale: scale - zeros };
}

/** Half away from zero. */
export function rounded({ digits, scale }: Exact, to: number): Exact {
  if (scale <= to) return { digits, scale };
  const unit = 10n ** BigInt(scale - to);
  const half = digits < 0n ? -(unit / 2n) : unit / 2n;
  return reduced({ digits: (digits + half) / unit, scale: to });
}

export const shown = ({ digits, scale }: Exact): string => `${digits}e${-scale}`;

/** As an integer of so many decimals: micro seconds of seconds have 6. */
export const shifted = (number: Exact, decimals: number): bigint => {
  const { digits, scale } = rounded({ digits: number.digits, scale: number.scale - decimals }, 0);
  return digits * 10n ** BigInt(-scale);
};
