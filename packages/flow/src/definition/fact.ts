import { duration, object, refine, required, type Shape } from '../document/shape.ts';
import { attributeType } from './attribute-type.ts';
import type { FactDefinition } from './definition.ts';
import { pathName } from './names.ts';

export const fact: Shape<FactDefinition> = refine(
  object({ source: required(pathName), type: required(attributeType), 'max-age': required(duration) }),
  (value) => ({ source: value.source, type: value.type, maxAge: value['max-age'] }),
);
