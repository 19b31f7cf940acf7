<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh" sourcelanguage="en">
<context>
    <name>AdvancedBox</name>
    <message>
        <source>Automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>32 bit (most exact)</source>
        <translation>32 位（最精确）</translation>
    </message>
    <message>
        <source>16 bit</source>
        <translation>16 位</translation>
    </message>
    <message>
        <source>8 bit</source>
        <translation>8 位</translation>
    </message>
    <message>
        <source>4 bit (least memory)</source>
        <translation>4 位（最省内存）</translation>
    </message>
    <message>
        <source>Solver</source>
        <translation>采样器</translation>
    </message>
    <message>
        <source>Precision</source>
        <translation>精度</translation>
    </message>
</context>
<context>
    <name>AdvancedPage</name>
    <message>
        <source>Open the log folder</source>
        <translation>打开日志文件夹</translation>
    </message>
    <message>
        <source>Reset all settings</source>
        <translation>恢复所有默认设置</translation>
    </message>
    <message>
        <source>Really reset them?</source>
        <translation>确定要恢复吗？</translation>
    </message>
    <message>
        <source>All settings have their defaults again.</source>
        <translation>所有设置已恢复为默认值。</translation>
    </message>
</context>
<context>
    <name>BackendRow</name>
    <message>
        <source>Test</source>
        <translation>测试</translation>
    </message>
    <message>
        <source>Test {name}</source>
        <translation>测试 {name}</translation>
    </message>
    <message>
        <source>Checks that it computes the right numbers. It takes a moment.</source>
        <translation>检查计算结果是否正确，需要稍等片刻。</translation>
    </message>
    <message>
        <source>Get a model…</source>
        <translation>获取模型…</translation>
    </message>
    <message>
        <source>Enter a key…</source>
        <translation>输入密钥…</translation>
    </message>
</context>
<context>
    <name>BackendsPage</name>
    <message>
        <source>Testing…</source>
        <translation>正在测试…</translation>
    </message>
</context>
<context>
    <name>Catalog</name>
    <message>
        <source>Trying the app at once: small, quick, and it comes with it.</source>
        <translation>立即试用应用：小巧、快速，随应用附带。</translation>
    </message>
    <message>
        <source>A small model made for this app. It knows simple drawn scenes only: a house, a sailboat, a windmill or one of eleven other things, in ten places, eight colours and four times of day.</source>
        <translation>为本应用制作的小模型。它只会画简单的画面：房子、帆船、风车或另外十一种事物之一，十个地点、八种颜色、一天中的四个时段。</translation>
    </message>
    <message>
        <source>The fastest real Sana: a picture in two steps, on any Apple chip.</source>
        <translation>最快的正式 Sana：两步成图，适合任何 Apple 芯片。</translation>
    </message>
    <message>
        <source>Research and other non-commercial use, unless the model&apos;s page says otherwise by now. The text encoder is Gemma 2: https://ai.google.dev/gemma/terms</source>
        <translation>仅限研究及其他非商业用途，除非模型页面现已另有说明。文本编码器为 Gemma 2：https://ai.google.dev/gemma/terms</translation>
    </message>
    <message>
        <source>Pictures in two steps, with more detail than the small Sprint.</source>
        <translation>两步成图，细节多于小型 Sprint。</translation>
    </message>
    <message>
        <source>Research and other non-commercial use, unless the model&apos;s page says otherwise by now. Its card also names the NVIDIA Open Model License; which of the two holds is an open question. The text encoder is Gemma 2: https://ai.google.dev/gemma/terms</source>
        <translation>仅限研究及其他非商业用途，除非模型页面现已另有说明。其模型卡还提到 NVIDIA Open Model License；两者以哪个为准尚无定论。文本编码器为 Gemma 2：https://ai.google.dev/gemma/terms</translation>
    </message>
    <message>
        <source>Pictures that follow long prompts closely.</source>
        <translation>能紧密遵循长提示词的图像。</translation>
    </message>
    <message>
        <source>The best pictures of the family, for Macs with much memory.</source>
        <translation>该系列中最好的图像，适合内存充足的 Mac。</translation>
    </message>
    <message>
        <source>Small pictures, quickly and with little memory.</source>
        <translation>小尺寸图像，速度快，占用内存少。</translation>
    </message>
    <message>
        <source>Full-size pictures with little memory.</source>
        <translation>全尺寸图像，占用内存少。</translation>
    </message>
    <message>
        <source>Small pictures with more detail; prompts in English.</source>
        <translation>细节更多的小尺寸图像；提示词用英文。</translation>
    </message>
    <message>
        <source>Small pictures with more detail; prompts in English, Chinese and emoji.</source>
        <translation>细节更多的小尺寸图像；提示词可用英文、中文和表情符号。</translation>
    </message>
    <message>
        <source>Full-size pictures; prompts in English.</source>
        <translation>全尺寸图像；提示词用英文。</translation>
    </message>
    <message>
        <source>Full-size pictures; prompts in English, Chinese and emoji.</source>
        <translation>全尺寸图像；提示词可用英文、中文和表情符号。</translation>
    </message>
    <message>
        <source>Full-size pictures; the base of the 2K and 4K models.</source>
        <translation>全尺寸图像；2K 和 4K 模型的基础。</translation>
    </message>
    <message>
        <source>Large pictures of 2048 pixels a side.</source>
        <translation>边长 2048 像素的大图像。</translation>
    </message>
    <message>
        <source>Very large pictures of 4096 pixels a side; slow, and it needs much memory.</source>
        <translation>边长 4096 像素的超大图像；速度慢，需要大量内存。</translation>
    </message>
</context>
<context>
    <name>CloudPage</name>
    <message>
        <source>Replicate key</source>
        <translation>Replicate 密钥</translation>
    </message>
    <message>
        <source>A key comes from the environment variable {name}. It goes before one that is saved here.</source>
        <translation>密钥来自环境变量 {name}。它优先于保存在此处的密钥。</translation>
    </message>
    <message>
        <source>A key is kept until you quit.</source>
        <translation>密钥将保留到您退出应用为止。</translation>
    </message>
    <message>
        <source>A key is kept until you quit: there is no keychain on this computer.</source>
        <translation>密钥将保留到您退出应用为止：这台电脑上没有钥匙串。</translation>
    </message>
    <message>
        <source>There is no keychain on this computer: it is kept until you quit.</source>
        <translation>这台电脑上没有钥匙串：将保留到您退出应用为止。</translation>
    </message>
    <message>
        <source>Paste another key to replace it</source>
        <translation>粘贴另一个密钥以替换它</translation>
    </message>
    <message>
        <source>Paste your key here</source>
        <translation>在此粘贴您的密钥</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Test</source>
        <translation>测试</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Keep for this session only</source>
        <translation>仅本次使用时保留</translation>
    </message>
    <message>
        <source>Ask the keychain again</source>
        <translation>再次询问钥匙串</translation>
    </message>
    <message>
        <source>The key is saved.</source>
        <translation>密钥已保存。</translation>
    </message>
    <message>
        <source>The key is kept until you quit.</source>
        <translation>密钥将保留到您退出应用为止。</translation>
    </message>
    <message>
        <source>Asking Replicate…</source>
        <translation>正在询问 Replicate…</translation>
    </message>
    <message>
        <source>The key works. It belongs to {account}.</source>
        <translation>密钥有效，属于账户 {account}。</translation>
    </message>
    <message>
        <source>The key is removed.</source>
        <translation>密钥已移除。</translation>
    </message>
    <message>
        <source>A key is in the keychain.</source>
        <translation>钥匙串中有一个密钥。</translation>
    </message>
    <message>
        <source>Without a key the cloud is not used. Make one at {link}.</source>
        <translation>没有密钥就不会使用云端。您可以在 {link} 创建一个。</translation>
    </message>
    <message>
        <source>This month: {money} for {pictures}.</source>
        <translation>本月：{pictures}，共 {money}。</translation>
    </message>
</context>
<context>
    <name>CountField</name>
    <message>
        <source>Number of pictures</source>
        <translation>图片数量</translation>
    </message>
    <message>
        <source>One picture less</source>
        <translation>减少一张</translation>
    </message>
    <message>
        <source>One picture more</source>
        <translation>增加一张</translation>
    </message>
</context>
<context>
    <name>DesktopPresence</name>
    <message>
        <source>Closing only put the window aside, because pictures were still being painted.</source>
        <translation>还有图片正在生成，因此关闭只是收起了窗口。</translation>
    </message>
    <message>
        <source>Quit Now</source>
        <translation>立即退出</translation>
    </message>
    <message numerus="yes">
        <source>%n picture(s) ready</source>
        <translation>
            <numerusform>%n 张图片已完成</numerusform>
        </translation>
    </message>
    <message>
        <source>A picture could not be painted</source>
        <translation>有一张图片未能生成</translation>
    </message>
</context>
<context>
    <name>EmptyState</name>
    <message>
        <source>What would you like to see?</source>
        <translation>您想看到什么？</translation>
    </message>
    <message>
        <source>Describe it on the left and press Generate. There are three ways to paint it:</source>
        <translation>在左侧描述画面，然后按“生成”。有三种绘制方式：</translation>
    </message>
    <message>
        <source>Describe it on the left and press Generate, or try one of these:</source>
        <translation>请在左侧描述，然后点按“生成”，或试试下面的例子：</translation>
    </message>
    <message>
        <source>Describe it on the left and press Generate.</source>
        <translation>请在左侧描述，然后点按“生成”。</translation>
    </message>
    <message>
        <source>Example: {prompt}</source>
        <translation>示例：{prompt}</translation>
    </message>
</context>
<context>
    <name>FirstRun</name>
    <message>
        <source>Ways to paint</source>
        <translation>绘制方式</translation>
    </message>
    <message>
        <source>A small model that came with the app: simple drawn scenes, at once and without a download.</source>
        <translation>随应用附带的小模型：可立即绘制简单的画面，无需下载。</translation>
    </message>
    <message>
        <source>Try the starter</source>
        <translation>试用入门模型</translation>
    </message>
    <message>
        <source>Try it</source>
        <translation>试用</translation>
    </message>
    <message>
        <source>Get Sana on this Mac</source>
        <translation>在这台 Mac 上安装 Sana</translation>
    </message>
    <message>
        <source>Get Sana on this computer</source>
        <translation>在这台电脑上安装 Sana</translation>
    </message>
    <message>
        <source>The full models need more memory than there is here: 8 GB or more.</source>
        <translation>完整模型需要的内存超过本机所有：至少 8 GB。</translation>
    </message>
    <message>
        <source>Paints anything you describe. It is computed here, and your prompts stay here.</source>
        <translation>可以绘制您描述的任何内容。在本机计算，提示词不会离开本机。</translation>
    </message>
    <message>
        <source>Use it</source>
        <translation>使用</translation>
    </message>
    <message>
        <source>All models…</source>
        <translation>所有模型…</translation>
    </message>
    <message>
        <source>Nothing to download: Replicate paints it in seconds, for about one cent a picture. It needs a key, and your prompts are sent there.</source>
        <translation>无需下载：Replicate 几秒即可完成绘制，每张约一美分。需要密钥，并且您的提示词会发送到那里。</translation>
    </message>
    <message>
        <source>Use the cloud</source>
        <translation>使用云端</translation>
    </message>
    <message>
        <source>Enter a key…</source>
        <translation>输入密钥…</translation>
    </message>
</context>
<context>
    <name>GalleryPage</name>
    <message>
        <source>No pictures found</source>
        <translation>没有找到图片</translation>
    </message>
    <message>
        <source>Nothing matches “{text}”.</source>
        <translation>没有与“{text}”相符的图片。</translation>
    </message>
    <message>
        <source>Show all pictures</source>
        <translation>显示所有图片</translation>
    </message>
    <message>
        <source>No favourites yet</source>
        <translation>还没有收藏</translation>
    </message>
    <message>
        <source>Press the star on a picture to find it here again.</source>
        <translation>点按图片上的星标，就能在这里再次找到它。</translation>
    </message>
</context>
<context>
    <name>GalleryView</name>
    <message>
        <source>Pictures</source>
        <translation>图片</translation>
    </message>
</context>
<context>
    <name>Header</name>
    <message>
        <source>Toolbar</source>
        <translation>工具栏</translation>
    </message>
    <message>
        <source>Show or hide the prompt</source>
        <translation>显示或隐藏提示词面板</translation>
    </message>
    <message>
        <source>Show or hide the details</source>
        <translation>显示或隐藏详细信息</translation>
    </message>
    <message>
        <source>All</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>Favourites</source>
        <translation>收藏</translation>
    </message>
    <message>
        <source>Which pictures</source>
        <translation>显示哪些图片</translation>
    </message>
    <message>
        <source>Search the pictures</source>
        <translation>搜索图片</translation>
    </message>
    <message>
        <source>Search pictures</source>
        <translation>搜索图片</translation>
    </message>
</context>
<context>
    <name>HubToken</name>
    <message>
        <source>Hugging Face token</source>
        <translation>Hugging Face 令牌</translation>
    </message>
    <message>
        <source>Paste your token here</source>
        <translation>在此粘贴您的令牌</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>{problem} The token is kept until you quit.</source>
        <translation>{problem} 令牌将保留到您退出应用为止。</translation>
    </message>
    <message>
        <source>A token comes from the environment variable {name}.</source>
        <translation>令牌来自环境变量 {name}。</translation>
    </message>
    <message>
        <source>A token is in the keychain.</source>
        <translation>令牌保存在钥匙串中。</translation>
    </message>
    <message>
        <source>A token is kept until you quit. There is no keychain here.</source>
        <translation>令牌将保留到您退出应用为止。本机没有钥匙串。</translation>
    </message>
    <message>
        <source>Only for models whose owner wants to know who downloads them. Make one at {link}.</source>
        <translation>仅用于所有者要求登记下载者的模型。可在 {link} 创建。</translation>
    </message>
</context>
<context>
    <name>Inspector</name>
    <message>
        <source>About the picture</source>
        <translation>图片信息</translation>
    </message>
    <message>
        <source>Prompt of the picture</source>
        <translation>图片的提示词</translation>
    </message>
    <message>
        <source>Use settings</source>
        <translation>使用设置</translation>
    </message>
    <message>
        <source>Put all of this picture&apos;s settings into the panel</source>
        <translation>将这张图片的所有设置填入面板</translation>
    </message>
    <message>
        <source>Vary</source>
        <translation>再来一张</translation>
    </message>
    <message>
        <source>Paint it again with another seed</source>
        <translation>换一个种子重新生成</translation>
    </message>
    <message>
        <source>Reveal</source>
        <translation>显示文件</translation>
    </message>
    <message>
        <source>Show the file in its folder</source>
        <translation>在文件夹中显示该文件</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>Save a copy</source>
        <translation>保存副本</translation>
    </message>
    <message>
        <source>{pictures} selected</source>
        <translation>已选择 {pictures}</translation>
    </message>
    <message>
        <source>Select a picture to see
how it was made.</source>
        <translation>选择一张图片，
即可查看它的生成方式。</translation>
    </message>
    <message>
        <source>This file does not say how it was made.</source>
        <translation>此文件没有生成信息。</translation>
    </message>
</context>
<context>
    <name>JobDesk</name>
    <message>
        <source>A job waits since the last time.</source>
        <translation>上次有一个任务尚未完成。</translation>
    </message>
    <message>
        <source>{n} jobs wait since the last time.</source>
        <translation>上次有 {n} 个任务尚未完成。</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Retry</source>
        <translation>重试</translation>
    </message>
</context>
<context>
    <name>JobRow</name>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Retry</source>
        <translation>重试</translation>
    </message>
</context>
<context>
    <name>JobsPopover</name>
    <message>
        <source>Jobs</source>
        <translation>任务</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Copied</source>
        <translation>已拷贝</translation>
    </message>
    <message>
        <source>About Sana Studio</source>
        <translation>关于 Sana Studio</translation>
    </message>
    <message>
        <source>Paints pictures with NVIDIA SANA on your own machine.</source>
        <translation>在您自己的电脑上用 NVIDIA SANA 生成图片。</translation>
    </message>
    <message>
        <source>“{name}” does not say how it was made.</source>
        <translation>“{name}”没有生成信息。</translation>
    </message>
    <message>
        <source>Start from it</source>
        <translation>以它为起点</translation>
    </message>
    <message>
        <source>Settings taken from “{name}”.</source>
        <translation>已采用“{name}”的设置。</translation>
    </message>
    <message>
        <source>Read settings from a picture</source>
        <translation>从图片读取设置</translation>
    </message>
    <message>
        <source>Pictures (*.png *.jpg *.jpeg *.webp)</source>
        <translation>图片 (*.png *.jpg *.jpeg *.webp)</translation>
    </message>
</context>
<context>
    <name>Menus</name>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Read Settings from a Picture…</source>
        <translation>从图片读取设置…</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>Show in Finder</source>
        <translation>在访达中显示</translation>
    </message>
    <message>
        <source>Show in Folder</source>
        <translation>在文件夹中显示</translation>
    </message>
    <message>
        <source>Open the Pictures Folder</source>
        <translation>打开图片文件夹</translation>
    </message>
    <message>
        <source>Settings…</source>
        <translation>设置…</translation>
    </message>
    <message>
        <source>Close Window</source>
        <translation>关闭窗口</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>退出</translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>编辑</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>重做</translation>
    </message>
    <message>
        <source>Cut</source>
        <translation>剪切</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>拷贝</translation>
    </message>
    <message>
        <source>Paste</source>
        <translation>粘贴</translation>
    </message>
    <message>
        <source>Select All</source>
        <translation>全选</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Find</source>
        <translation>查找</translation>
    </message>
    <message>
        <source>View</source>
        <translation>显示</translation>
    </message>
    <message>
        <source>All Pictures</source>
        <translation>所有图片</translation>
    </message>
    <message>
        <source>Favourites</source>
        <translation>收藏</translation>
    </message>
    <message>
        <source>Larger Thumbnails</source>
        <translation>放大缩略图</translation>
    </message>
    <message>
        <source>Smaller Thumbnails</source>
        <translation>缩小缩略图</translation>
    </message>
    <message>
        <source>Show or Hide the Prompt</source>
        <translation>显示或隐藏提示词面板</translation>
    </message>
    <message>
        <source>Show or Hide the Details</source>
        <translation>显示或隐藏详细信息</translation>
    </message>
    <message>
        <source>Show the Queue</source>
        <translation>显示队列</translation>
    </message>
    <message>
        <source>Full Screen</source>
        <translation>全屏幕</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>Generate</source>
        <translation>生成</translation>
    </message>
    <message>
        <source>Cancel the Running Job</source>
        <translation>取消正在进行的任务</translation>
    </message>
    <message>
        <source>View Large</source>
        <translation>查看大图</translation>
    </message>
    <message>
        <source>Use Its Settings</source>
        <translation>使用它的设置</translation>
    </message>
    <message>
        <source>Vary</source>
        <translation>再来一张</translation>
    </message>
    <message>
        <source>Favourite</source>
        <translation>收藏</translation>
    </message>
    <message>
        <source>Copy Its Prompt</source>
        <translation>拷贝提示词</translation>
    </message>
    <message>
        <source>Copy Its Settings</source>
        <translation>拷贝设置</translation>
    </message>
    <message>
        <source>Window</source>
        <translation>窗口</translation>
    </message>
    <message>
        <source>Minimize</source>
        <translation>最小化</translation>
    </message>
    <message>
        <source>Zoom</source>
        <translation>缩放</translation>
    </message>
    <message>
        <source>Help</source>
        <translation>帮助</translation>
    </message>
    <message>
        <source>Open the Log Folder</source>
        <translation>打开日志文件夹</translation>
    </message>
    <message>
        <source>Check for Updates…</source>
        <translation>检查更新…</translation>
    </message>
    <message>
        <source>About Sana Studio</source>
        <translation>关于 Sana Studio</translation>
    </message>
</context>
<context>
    <name>MessageBar</name>
    <message>
        <source>Message</source>
        <translation>消息</translation>
    </message>
    <message>
        <source>Close this message</source>
        <translation>关闭此消息</translation>
    </message>
</context>
<context>
    <name>ModelChoice</name>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Runs on</source>
        <translation>运行于</translation>
    </message>
    <message>
        <source>No model yet</source>
        <translation>还没有模型</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>The best that works on this machine</source>
        <translation>这台电脑上可用的最佳方式</translation>
    </message>
    <message>
        <source>Open a model folder…</source>
        <translation>打开模型文件夹…</translation>
    </message>
    <message>
        <source>Open a model folder</source>
        <translation>打开模型文件夹</translation>
    </message>
    <message>
        <source>{name}: {why}.</source>
        <translation>{name}: {why}.</translation>
    </message>
    <message>
        <source>Get a model…</source>
        <translation>获取模型…</translation>
    </message>
    <message>
        <source>Enter a key…</source>
        <translation>输入密钥…</translation>
    </message>
    <message>
        <source>Open the settings…</source>
        <translation>打开设置…</translation>
    </message>
</context>
<context>
    <name>ModelRow</name>
    <message>
        <source>Download</source>
        <translation>下载</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Really remove it?</source>
        <translation>确定移除？</translation>
    </message>
    <message>
        <source>recommended here</source>
        <translation>推荐</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>就绪</translation>
    </message>
    <message>
        <source>Comes with the app</source>
        <translation>随应用附带</translation>
    </message>
    <message>
        <source>{size} of it are here. “Go on” checks them and fetches what is missing.</source>
        <translation>本机已有 {size}。“继续”会检查这些内容并下载缺少的部分。</translation>
    </message>
    <message>
        <source>Waiting to download</source>
        <translation>等待下载</translation>
    </message>
    <message>
        <source>{done} of {total}</source>
        <translation>{done} / {total}</translation>
    </message>
    <message>
        <source>{name} comes under the {licence}.</source>
        <translation>{name} 依 {licence} 许可提供。</translation>
    </message>
    <message>
        <source>Agree and download</source>
        <translation>同意并下载</translation>
    </message>
    <message>
        <source>Not now</source>
        <translation>以后再说</translation>
    </message>
</context>
<context>
    <name>ModelsPage</name>
    <message>
        <source>Model for new pictures</source>
        <translation>新图片使用的模型</translation>
    </message>
    <message>
        <source>Hugging Face token</source>
        <translation>Hugging Face 令牌</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Add a folder…</source>
        <translation>添加文件夹…</translation>
    </message>
    <message>
        <source>Add a file…</source>
        <translation>添加文件…</translation>
    </message>
    <message>
        <source>A folder in diffusers layout</source>
        <translation>diffusers 格式的文件夹</translation>
    </message>
    <message>
        <source>A fine-tuned transformer</source>
        <translation>微调的 transformer</translation>
    </message>
    <message>
        <source>Weights (*.safetensors)</source>
        <translation>权重 (*.safetensors)</translation>
    </message>
</context>
<context>
    <name>PictureActions</name>
    <message>
        <source>{pictures} deleted</source>
        <translation>已删除 {pictures}</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>Export to a folder</source>
        <translation>导出到文件夹</translation>
    </message>
    <message>
        <source>Exported to “{name}”</source>
        <translation>已导出到“{name}”</translation>
    </message>
</context>
<context>
    <name>PromptPanel</name>
    <message>
        <source>Its model is not on this machine.</source>
        <translation>它的模型不在这台电脑上。</translation>
    </message>
    <message>
        <source>Prompt</source>
        <translation>提示词</translation>
    </message>
    <message>
        <source>Describe the picture</source>
        <translation>描述您想要的图片</translation>
    </message>
    <message>
        <source>Earlier prompts and examples</source>
        <translation>以前的提示词与示例</translation>
    </message>
    <message>
        <source>What to keep out of the picture</source>
        <translation>不想出现在图片中的内容</translation>
    </message>
    <message>
        <source>Negative prompt</source>
        <translation>反向提示词</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>步数</translation>
    </message>
    <message>
        <source>More steps take longer and add detail, up to a point.</source>
        <translation>步数越多，耗时越长，细节也越多，但有一定限度。</translation>
    </message>
    <message>
        <source>Guidance</source>
        <translation>引导强度</translation>
    </message>
    <message>
        <source>How closely the picture follows the prompt.</source>
        <translation>图片与提示词的贴合程度。</translation>
    </message>
    <message>
        <source>In the cloud the same seed may paint another picture.</source>
        <translation>在云端，同一种子可能生成不同的图片。</translation>
    </message>
    <message>
        <source>Advanced</source>
        <translation>高级</translation>
    </message>
    <message>
        <source>What the pictures will take</source>
        <translation>预计耗费</translation>
    </message>
    <message>
        <source>Generate</source>
        <translation>生成</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>种子</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>数量</translation>
    </message>
    <message>
        <source>Earlier prompts</source>
        <translation>以前的提示词</translation>
    </message>
    <message>
        <source>Examples</source>
        <translation>示例</translation>
    </message>
    <message>
        <source>No earlier prompts yet</source>
        <translation>还没有以前的提示词</translation>
    </message>
</context>
<context>
    <name>QueueView</name>
    <message>
        <source>Queue</source>
        <translation>队列</translation>
    </message>
    <message>
        <source>Preview</source>
        <translation>预览</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>进度</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Cancel the running job</source>
        <translation>取消正在进行的任务</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>就绪</translation>
    </message>
    <message>
        <source>{n} of {all} · {text}</source>
        <translation>第 {n} 张，共 {all} 张 · {text}</translation>
    </message>
    <message>
        <source>{n} waiting</source>
        <translation>{n} 个等待中</translation>
    </message>
    <message>
        <source>{n} paused</source>
        <translation>{n} 个已暂停</translation>
    </message>
    <message>
        <source>{n} failed</source>
        <translation>{n} 个失败</translation>
    </message>
</context>
<context>
    <name>SeedField</name>
    <message>
        <source>Seed</source>
        <translation>种子</translation>
    </message>
    <message>
        <source>The same seed with the same settings paints the same picture.</source>
        <translation>种子和设置相同，生成的图片也相同。</translation>
    </message>
    <message>
        <source>New random seed</source>
        <translation>新的随机种子</translation>
    </message>
    <message>
        <source>Keep this seed</source>
        <translation>固定此种子</translation>
    </message>
</context>
<context>
    <name>SettingEditor</name>
    <message>
        <source>Choose…</source>
        <translation>选择…</translation>
    </message>
</context>
<context>
    <name>Settings</name>
    <message>
        <source>Pictures folder</source>
        <translation>图片文件夹</translation>
    </message>
    <message>
        <source>Where new pictures are saved. Leave it empty for “Sana Studio” in your Pictures folder.</source>
        <translation>新图片的保存位置。留空则使用“图片”文件夹中的“Sana Studio”。</translation>
    </message>
    <message>
        <source>File format</source>
        <translation>文件格式</translation>
    </message>
    <message>
        <source>PNG keeps every detail. JPEG and WebP make smaller files. All three keep the prompt and the settings inside the picture.</source>
        <translation>PNG 保留所有细节，JPEG 和 WebP 文件更小。三种格式都会把提示词和设置存入图片。</translation>
    </message>
    <message>
        <source>PNG</source>
        <translation>PNG</translation>
    </message>
    <message>
        <source>JPEG</source>
        <translation>JPEG</translation>
    </message>
    <message>
        <source>WebP</source>
        <translation>WebP</translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation>外观</translation>
    </message>
    <message>
        <source>Light or dark colours, or the same as the system.</source>
        <translation>浅色、深色，或与系统一致。</translation>
    </message>
    <message>
        <source>Same as the system</source>
        <translation>与系统一致</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>The language of the window. Prompts may be in any language.</source>
        <translation>窗口的语言。提示词可以用任何语言。</translation>
    </message>
    <message>
        <source>English</source>
        <translation>English</translation>
    </message>
    <message>
        <source>中文</source>
        <translation>中文</translation>
    </message>
    <message>
        <source>Notify me when a picture is ready</source>
        <translation>图片完成时通知我</translation>
    </message>
    <message>
        <source>Shows a notification when a picture is finished and the window is not in front.</source>
        <translation>图片完成而窗口不在最前时显示通知。</translation>
    </message>
    <message>
        <source>Look for updates</source>
        <translation>检查更新</translation>
    </message>
    <message>
        <source>Asks once a day whether there is a new version. Nothing but the question is sent.</source>
        <translation>每天查询一次是否有新版本，除查询本身外不发送任何内容。</translation>
    </message>
    <message>
        <source>Paint with</source>
        <translation>生成方式</translation>
    </message>
    <message>
        <source>What computes the pictures. Automatic takes the fastest way that is ready on this computer.</source>
        <translation>由什么来计算图片。“自动”会选用这台电脑上已就绪的最快方式。</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>MLX (Apple silicon)</source>
        <translation>MLX（Apple 芯片）</translation>
    </message>
    <message>
        <source>PyTorch</source>
        <translation>PyTorch</translation>
    </message>
    <message>
        <source>Replicate</source>
        <translation>Replicate</translation>
    </message>
    <message>
        <source>Precision of MLX</source>
        <translation>MLX 的精度</translation>
    </message>
    <message>
        <source>How exactly MLX computes. Fewer bits need less memory; the pictures differ slightly.</source>
        <translation>MLX 计算的精确程度。位数越少，所需内存越少；图片会略有不同。</translation>
    </message>
    <message>
        <source>Full (float32)</source>
        <translation>全精度 (float32)</translation>
    </message>
    <message>
        <source>Half (bfloat16)</source>
        <translation>半精度 (bfloat16)</translation>
    </message>
    <message>
        <source>8 bits</source>
        <translation>8 位</translation>
    </message>
    <message>
        <source>4 bits</source>
        <translation>4 位</translation>
    </message>
    <message>
        <source>Precision of PyTorch</source>
        <translation>PyTorch 的精度</translation>
    </message>
    <message>
        <source>How exactly PyTorch computes. Half needs less memory; the pictures differ slightly.</source>
        <translation>PyTorch 计算的精确程度。半精度所需内存较少；图片会略有不同。</translation>
    </message>
    <message>
        <source>Model for new pictures</source>
        <translation>新图片使用的模型</translation>
    </message>
    <message>
        <source>The model that is chosen when the window opens. The starter model comes with the app.</source>
        <translation>打开窗口时选用的模型。入门模型随应用附带。</translation>
    </message>
    <message>
        <source>Download models from</source>
        <translation>模型下载地址</translation>
    </message>
    <message>
        <source>The address of a mirror of Hugging Face, for places where it cannot be reached. Leave it empty for huggingface.co.</source>
        <translation>Hugging Face 镜像的地址，供无法访问它的地区使用。留空则使用 huggingface.co。</translation>
    </message>
    <message>
        <source>Work offline</source>
        <translation>离线工作</translation>
    </message>
    <message>
        <source>Never connects to the internet. Models that are already here still work.</source>
        <translation>从不连接互联网。已下载的模型仍可使用。</translation>
    </message>
    <message>
        <source>Let Automatic use the cloud</source>
        <translation>允许“自动”使用云端</translation>
    </message>
    <message>
        <source>When this computer has no fast way to paint, prompts are sent to Replicate, which charges your account.</source>
        <translation>如果这台电脑无法快速生成图片，提示词会发送到 Replicate，并由其向您的账户收费。</translation>
    </message>
    <message>
        <source>Monthly limit in US dollars</source>
        <translation>每月限额（美元）</translation>
    </message>
    <message>
        <source>When this month&apos;s pictures would cost more, the app stops and asks. With 0 it asks before every picture.</source>
        <translation>本月的图片费用将超出限额时，应用会停下来询问您。设为 0 则每张图片都会先询问。</translation>
    </message>
    <message>
        <source>Free the memory after</source>
        <translation>释放内存前等待</translation>
    </message>
    <message>
        <source>Minutes without work after which the model leaves the memory. The next picture then takes longer to start.</source>
        <translation>闲置多少分钟后将模型移出内存。之后的第一张图片需要更长时间才能开始。</translation>
    </message>
    <message>
        <source>Memory limit in GB</source>
        <translation>内存上限 (GB)</translation>
    </message>
    <message>
        <source>The most memory that a model may take. With 0 the app decides by the memory of this computer.</source>
        <translation>模型最多可占用的内存。设为 0 则由应用根据这台电脑的内存决定。</translation>
    </message>
</context>
<context>
    <name>SettingsDialog</name>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Pages of the settings</source>
        <translation>设置页面</translation>
    </message>
    <message>
        <source>General</source>
        <translation>通用</translation>
    </message>
    <message>
        <source>Backends</source>
        <translation>计算后端</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Cloud</source>
        <translation>云端</translation>
    </message>
    <message>
        <source>Advanced</source>
        <translation>高级</translation>
    </message>
</context>
<context>
    <name>ShapePicker</name>
    <message>
        <source>Square</source>
        <translation>方形</translation>
    </message>
    <message>
        <source>Portrait</source>
        <translation>竖幅</translation>
    </message>
    <message>
        <source>Landscape</source>
        <translation>横幅</translation>
    </message>
    <message>
        <source>Tall</source>
        <translation>长竖幅</translation>
    </message>
    <message>
        <source>Wide</source>
        <translation>宽幅</translation>
    </message>
</context>
<context>
    <name>SizeField</name>
    <message>
        <source>Shape</source>
        <translation>画幅</translation>
    </message>
    <message>
        <source>Width in pixels</source>
        <translation>宽度（像素）</translation>
    </message>
    <message>
        <source>Height in pixels</source>
        <translation>高度（像素）</translation>
    </message>
</context>
<context>
    <name>StartPicture</name>
    <message>
        <source>Start from a picture…</source>
        <translation>以图片为起点…</translation>
    </message>
    <message>
        <source>Choose a picture, or drop one here, and describe what it should become.</source>
        <translation>选择一张图片或将其拖到此处，并描述它应变成什么样。</translation>
    </message>
    <message>
        <source>A black and white picture: only what is white is painted anew.</source>
        <translation>一张黑白图片：只有白色部分会重新生成。</translation>
    </message>
    <message>
        <source>Remove the start picture</source>
        <translation>移除起始图片</translation>
    </message>
    <message>
        <source>How much to change the start picture</source>
        <translation>起始图片的改变程度</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>改变程度</translation>
    </message>
    <message>
        <source>Start from a picture</source>
        <translation>以图片为起点</translation>
    </message>
    <message>
        <source>Choose a mask</source>
        <translation>选择蒙版</translation>
    </message>
    <message>
        <source>Remove the mask</source>
        <translation>移除蒙版</translation>
    </message>
    <message>
        <source>Add a mask…</source>
        <translation>添加蒙版…</translation>
    </message>
</context>
<context>
    <name>TokenCount</name>
    <message>
        <source>Tokens of the prompt</source>
        <translation>提示词的词元数</translation>
    </message>
    <message>
        <source>{n} of {room} tokens</source>
        <translation>{n} / {room} 个词元</translation>
    </message>
    <message>
        <source>{words}: what is crossed out is not read.</source>
        <translation>{words}：划掉的部分不会被读取。</translation>
    </message>
</context>
<context>
    <name>UpdateCheck</name>
    <message>
        <source>This is the newest version.</source>
        <translation>这是最新版本。</translation>
    </message>
    <message>
        <source>Version {version} can be had.</source>
        <translation>有新版本 {version}。</translation>
    </message>
    <message>
        <source>Open Its Page</source>
        <translation>打开其页面</translation>
    </message>
</context>
<context>
    <name>Viewer</name>
    <message>
        <source>Viewer</source>
        <translation>查看器</translation>
    </message>
    <message>
        <source>{n} %</source>
        <translation>{n}%</translation>
    </message>
</context>
<context>
    <name>wording</name>
    <message>
        <source>Size</source>
        <translation>尺寸</translation>
    </message>
    <message>
        <source>Steps · guidance</source>
        <translation>步数 · 引导</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>步数</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>种子</translation>
    </message>
    <message>
        <source>Negative</source>
        <translation>反向提示词</translation>
    </message>
    <message>
        <source>Started from</source>
        <translation>起始图片</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>改变程度</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Ran on</source>
        <translation>运行于</translation>
    </message>
    <message>
        <source>Solver</source>
        <translation>采样器</translation>
    </message>
    <message>
        <source>Took</source>
        <translation>用时</translation>
    </message>
    <message>
        <source>Cost</source>
        <translation>费用</translation>
    </message>
    <message>
        <source>Made with</source>
        <translation>生成工具</translation>
    </message>
    <message>
        <source>Made</source>
        <translation>生成时间</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>许可</translation>
    </message>
    <message>
        <source>{size} to download</source>
        <translation>下载 {size}</translation>
    </message>
    <message>
        <source>about {size} of memory</source>
        <translation>约需 {size} 内存</translation>
    </message>
    <message>
        <source>Passed</source>
        <translation>通过</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>未通过</translation>
    </message>
    <message>
        <source>The test could not be started.</source>
        <translation>测试未能启动。</translation>
    </message>
    <message>
        <source>Pictures (*.png *.jpg *.jpeg *.webp)</source>
        <translation>图片 (*.png *.jpg *.jpeg *.webp)</translation>
    </message>
    <message>
        <source>{n} s</source>
        <translation>{n} 秒</translation>
    </message>
    <message>
        <source>{n} min {rest} s</source>
        <translation>{n} 分 {rest} 秒</translation>
    </message>
    <message>
        <source>{n} min</source>
        <translation>{n} 分钟</translation>
    </message>
    <message>
        <source>{n} h {rest} min</source>
        <translation>{n} 小时 {rest} 分</translation>
    </message>
    <message>
        <source>{time} left</source>
        <translation>还剩 {time}</translation>
    </message>
    <message>
        <source>processor</source>
        <translation>处理器</translation>
    </message>
    <message>
        <source>GPU</source>
        <translation>GPU</translation>
    </message>
    <message>
        <source>today, {time}</source>
        <translation>今天 {time}</translation>
    </message>
    <message>
        <source>{when.day} {when:%b}, {when:%H:%M}</source>
        <translation>{when.month}月{when.day}日 {when:%H:%M}</translation>
    </message>
    <message>
        <source>{when.day} {when:%b} {when.year}</source>
        <translation>{when.year}年{when.month}月{when.day}日</translation>
    </message>
    <message>
        <source>1 picture</source>
        <translation>1 张图片</translation>
    </message>
    <message>
        <source>{n} pictures</source>
        <translation>{n} 张图片</translation>
    </message>
    <message>
        <source>on this Mac</source>
        <translation>在这台 Mac 上</translation>
    </message>
    <message>
        <source>on this computer</source>
        <translation>在这台电脑上</translation>
    </message>
    <message>
        <source>about {time} each</source>
        <translation>每张约 {time}</translation>
    </message>
    <message>
        <source>about {time}</source>
        <translation>约 {time}</translation>
    </message>
    <message>
        <source>{size} of memory, most of it to read the prompt</source>
        <translation>{size} 内存，主要用于读取提示词</translation>
    </message>
    <message>
        <source>{size} of memory, most of it for the model</source>
        <translation>{size} 内存，主要用于模型</translation>
    </message>
    <message>
        <source>{size} of memory, most of it for this size</source>
        <translation>{size} 内存，主要用于此图像尺寸</translation>
    </message>
    <message>
        <source>{size} of memory</source>
        <translation>{size} 内存</translation>
    </message>
    <message>
        <source>about {money}</source>
        <translation>约 {money}</translation>
    </message>
    <message>
        <source>in the cloud</source>
        <translation>在云端</translation>
    </message>
    <message>
        <source>Starting</source>
        <translation>正在启动</translation>
    </message>
    <message>
        <source>finishing the picture</source>
        <translation>正在完成图片</translation>
    </message>
    <message>
        <source>step {n} of {all}</source>
        <translation>第 {n} 步，共 {all} 步</translation>
    </message>
    <message>
        <source>It did not work.</source>
        <translation>没有成功。</translation>
    </message>
    <message>
        <source>Paused since the last start</source>
        <translation>自上次启动起暂停</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>等待中</translation>
    </message>
    <message>
        <source>{n} steps</source>
        <translation>{n} 步</translation>
    </message>
    <message>
        <source>Paint it anyway</source>
        <translation>仍然绘制</translation>
    </message>
    <message>
        <source>Try with {name}</source>
        <translation>改用 {name}</translation>
    </message>
    <message>
        <source>Try a smaller model</source>
        <translation>换用较小的模型</translation>
    </message>
    <message>
        <source>Try more exactly</source>
        <translation>用更高精度重试</translation>
    </message>
    <message>
        <source>Try with less memory</source>
        <translation>用更少内存重试</translation>
    </message>
    <message>
        <source>Try at {width} × {height}</source>
        <translation>改用 {width} × {height}</translation>
    </message>
    <message>
        <source>Try another way</source>
        <translation>换种方式重试</translation>
    </message>
</context>
</TS>
