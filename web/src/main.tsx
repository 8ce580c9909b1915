import { render } from 'preact';
import { followLinks } from './api/login';
import { App } from './app';
import { followSession } from './live/fleet';
import { followHistory } from './live/route';
import './styles/base.css';
import './styles/frame.css';
import './styles/table.css';
import './styles/parts.css';
import './styles/kill.css';
import './styles/pages.css';
import './styles/venues.css';

const root = document.getElementById('app');
if (root) {
  followLinks();
  followHistory();
  followSession();
  render(<App />, root);
}
