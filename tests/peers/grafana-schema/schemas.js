// Prints the JSON schemas of a classic dashboard and of each kind of panel that mcpset writes, as one
// object. What a panel may hold is said by the types of its plugin: `options`, and `custom`, which is
// `fieldConfig.defaults.custom`.
import { writeFileSync } from 'node:fs';
import { createGenerator } from 'ts-json-schema-generator';

const types = './node_modules/@grafana/schema/dist/types/raw';
const noCustom = 'Record<string, never>';
const panel = (kind, custom) =>
  `import * as plugin from '${types}/composable/${kind}/panelcfg/x/types.gen';
   export interface Root { options: plugin.Options; custom?: ${custom} }`;

const sources = {
  dashboard: `import { Dashboard } from '${types}/dashboard/x/types.gen'; export type Root = Dashboard;`,
  heatmap: panel('heatmap', 'plugin.FieldConfig'),
  stat: panel('stat', noCustom),
  table: panel('table', 'plugin.FieldConfig'),
  text: panel('text', noCustom),
  timeseries: panel('timeseries', 'plugin.FieldConfig'),
};
const schemas = {};
for (const [name, source] of Object.entries(sources)) {
  writeFileSync(`${name}.ts`, source);
  schemas[name] = createGenerator({ path: `${name}.ts`, type: 'Root', jsDoc: 'none' }).createSchema('Root');
}
console.log(JSON.stringify(schemas));
