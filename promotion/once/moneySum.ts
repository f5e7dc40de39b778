/** The exact sum of decimal numbers as PostgreSQL shows them; it leaves out NULL, as PostgreSQL's does. */
export class MoneySum {
  private units = 0n;
  private scale = 0;

  add(text: string | null): void {
    if (text === null) return;
    const point = text.indexOf(".");
    const scale = point === -1 ? 0 : text.length - point - 1;
    if (scale > this.scale) {
      this.units *= 10n ** BigInt(scale - this.scale);
      this.scale = scale;
    }
    this.units += BigInt(text.replace(".", "")) * 10n ** BigInt(this.scale - scale);
  }

  /** With as many decimals as the number that has most; `0` for none at all. */
  toString(): string {
    const digits = String(this.units < 0n ? -this.units : this.units).padStart(this.scale + 1, "0");
    const whole = this.scale === 0 ? digits : `${digits.slice(0, -this.scale)}.${digits.slice(-this.scale)}`;
    return this.units < 0n ? `-${whole}` : whole;
  }
}
