/** Labels of everything that belongs to a workload; `app` alone selects its pods. */
export const labelsOf = <Name extends string>(app: Name) => ({
  app,
  "app.kubernetes.io/name": app,
  "app.kubernetes.io/part-of": "aibase",
  "app.kubernetes.io/managed-by": "pulumi",
});
