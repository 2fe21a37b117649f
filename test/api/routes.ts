import type { ApiHouse } from './api-house.ts';

type App = ApiHouse['house']['house']['app'];

/** Every URL of the router, as the router itself prints them. */
export function routesOf(app: App): readonly string[] {
  const above: string[] = [];
  return app
    .printRoutes({ commonPrefix: false })
    .split('\n')
    .flatMap((line) => {
      const match = /^(?<indent>[│ ]*)[├└]── (?<part>\S+)(?<methods> \([A-Z, ]+\))?/.exec(line);
      if (match?.groups === undefined) return [];
      const { indent = '', part = '', methods } = match.groups;
      const depth = indent.length / 4;
      above.length = depth;
      above.push(part);
      return methods === undefined ? [] : [above.join('')];
    });
}
