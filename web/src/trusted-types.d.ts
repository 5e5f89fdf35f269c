/** The part of Trusted Types that the app uses (https://w3c.github.io/trusted-types/). */
interface Window {
  readonly trustedTypes?: {
    createPolicy(
      name: string,
      rules: { createScriptURL: (url: string) => string },
    ): { createScriptURL(url: string): string };
  };
}
