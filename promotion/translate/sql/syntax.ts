/** An expression of SQLite, as parsed: names are not looked up yet. */
export type Expression =
  | { readonly type: "number"; readonly text: string }
  | { readonly type: "string"; readonly value: string }
  | { readonly type: "blob"; readonly hex: string }
  | { readonly type: "null" }
  /** CURRENT_TIMESTAMP, CURRENT_DATE, CURRENT_TIME. */
  | { readonly type: "current"; readonly what: "timestamp" | "date" | "time" }
  | { readonly type: "column"; readonly table?: string; readonly name: string; readonly doubled: boolean }
  | { readonly type: "unary"; readonly operator: "-" | "+" | "~" | "not"; readonly operand: Expression }
  | { readonly type: "binary"; readonly operator: Binary; readonly left: Expression; readonly right: Expression }
  | {
      readonly type: "like";
      readonly operator: "like" | "glob" | "match" | "regexp";
      readonly not: boolean;
      readonly operand: Expression;
      readonly pattern: Expression;
      readonly escape?: Expression;
    }
  | { readonly type: "isNull"; readonly not: boolean; readonly operand: Expression }
  | { readonly type: "is"; readonly not: boolean; readonly left: Expression; readonly right: Expression }
  | { readonly type: "collate"; readonly operand: Expression; readonly collation: string }
  | {
      readonly type: "between";
      readonly not: boolean;
      readonly operand: Expression;
      readonly low: Expression;
      readonly high: Expression;
    }
  | { readonly type: "in"; readonly not: boolean; readonly operand: Expression; readonly list: readonly Expression[] }
  | {
      readonly type: "case";
      readonly operand?: Expression;
      readonly whens: readonly { readonly when: Expression; readonly result: Expression }[];
      readonly otherwise?: Expression;
    }
  | { readonly type: "cast"; readonly operand: Expression; readonly to: string }
  | {
      readonly type: "call";
      /** In lower case. */
      readonly name: string;
      readonly distinct: boolean;
      /** `count(*)` */
      readonly star: boolean;
      readonly args: readonly Expression[];
    };

export type Binary =
  | "or"
  | "and"
  | "="
  | "<>"
  | "<"
  | "<="
  | ">"
  | ">="
  | "&"
  | "|"
  | "<<"
  | ">>"
  | "+"
  | "-"
  | "*"
  | "/"
  | "%"
  | "||"
  | "->"
  | "->>";
