import { settingNames, settingTexts } from './settings';

/** The text of `.env.example`: every setting with its default, in groups. */
export function envExample(): string {
  const lines: string[] = ['# Copy to .env and change what you need. Made from src/config/settings.ts.'];
  let group = '';
  for (const name of settingNames) {
    const text = settingTexts[name];
    if (text.group !== group) lines.push('', `# ${text.group}`);
    group = text.group;
    lines.push(`# ${text.about}`, `${name}=${text.example}`);
  }
  return `${lines.join('\n')}\n`;
}
