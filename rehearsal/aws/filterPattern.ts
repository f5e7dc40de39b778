/**
 * Filter patterns of CloudWatch Logs ("Filter pattern syntax" and "Supported regular expressions" of its user guide): terms, of
 * which those with other than letters, digits and underscores stand in quotes; or one expression between percent signs.
 */

/** Letters, digits, the symbols and the operators that an expression may hold; it knows no parentheses and no spaces. */
const EXPRESSION = /^[A-Za-z0-9:_#=@/;,\-^$?[\]{}|\\*+.]+$/;
const TERM = /^[-?]?("[^"]*"|[A-Za-z0-9_]+)$/;

/** What is wrong with a pattern; undefined when nothing is. JSON and space-delimited patterns are only seen to be closed. */
export function wrongPattern(pattern: string): string | undefined {
  if (pattern.startsWith("%")) {
    if (pattern.length < 3 || !pattern.endsWith("%")) return "an expression stands between percent signs";
    return EXPRESSION.test(pattern.slice(1, -1))
      ? undefined
      : "an expression holds only letters, digits, :_#=@/;,- and the operators ^$?[]{}|\\*+. (no spaces, no parentheses)";
  }
  if (pattern.startsWith("{")) return pattern.endsWith("}") ? undefined : "a JSON pattern ends in }";
  if (pattern.startsWith("[")) return pattern.endsWith("]") ? undefined : "a pattern of fields ends in ]";
  const terms = pattern.match(/[-?]?"[^"]*"|\S+/g) ?? [];
  const wrong = terms.find((term) => !TERM.test(term));
  return wrong === undefined ? undefined : `${wrong} must stand in double quotes`;
}
