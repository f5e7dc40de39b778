import type { PageAddress } from "./sarif";

const PAGE = "docs/policies.md";

/** Where docs/policies.md of this very commit can be read, as far as the CI system tells. */
export function pageAddress(env: Readonly<Record<string, string | undefined>>): PageAddress {
  const { GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_SHA, CI_PROJECT_URL, CI_COMMIT_SHA } = env;
  if (GITHUB_SERVER_URL && GITHUB_REPOSITORY && GITHUB_SHA)
    return `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}/blob/${GITHUB_SHA}/${PAGE}`;
  if (CI_PROJECT_URL && CI_COMMIT_SHA) return `${CI_PROJECT_URL}/-/blob/${CI_COMMIT_SHA}/${PAGE}`;
  return undefined;
}
