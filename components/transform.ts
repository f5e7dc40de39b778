/** Last word on the arguments of one child: gets what the component chose, gives what is used. */
export type Transform<Args> = (args: Args) => Args;

/** What a child is made with, after the user's transform. */
export const transformed = <Args>(args: Args, transform: Transform<Args> | undefined): Args =>
  transform === undefined ? args : transform(args);
