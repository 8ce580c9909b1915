import { render } from 'preact';
import { takeLinkToken } from './api/login';
import { App } from './app';
import { followSession } from './live/fleet';
import { followHistory } from './live/route';
import './styles/base.css';
import './styles/frame.css';
import './styles/table.css';
import './styles/parts.css';
import './styles/pages.css';

const root = document.getElementById('app');
if (root) {
  const linkToken = takeLinkToken();
  followHistory();
  followSession();
  render(<App linkToken={linkToken} />, root);
}
